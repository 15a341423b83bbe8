// Where readings are kept. The only script that touches storage.
//
// Three stores with the same four verbs: IndexedDB; localStorage where there is none (a browser
// that is killed loses its last seconds); and memory, until a reader of a folder has said yes or
// where nothing else works. Keeping is read, change, write in one step, so that two tabs never
// overwrite each other's answers.
'use strict';

(() => {
  const { isReading, isNewer, withChanges } = window.playbook.reading;
  const OPENING = 4000; // ms after which a database that does not answer counts as missing

  // One store a site: two sites under one origin (user.github.io/a and /b) do not meet.
  const site = new URL('../../', /** @type {HTMLScriptElement} */ (document.currentScript).src)
    .pathname;
  const name = `playbook ${site}`;
  const folder = location.protocol === 'file:';

  /** What `work` gives, or `otherwise` where a browser forbids it or a value is broken. */
  function attempt(work, otherwise = null) {
    try {
      return work();
    } catch {
      return otherwise;
    }
  }

  /**
   * The readings among the values of a store, those of a newer release, and those that nobody can
   * read.
   */
  function sort(values, assessment) {
    const sorted = { readings: [], newer: [], broken: [] };
    for (const value of values) {
      if (value && value.assessment && value.assessment !== assessment.id) continue;
      const group = isNewer(value, assessment) ? 'newer' : isReading(value) ? 'readings' : 'broken';
      sorted[group].push(value);
    }
    return sorted;
  }

  /**
   * What to keep where `stored` is kept already: what this release cannot read stays, and ours goes
   * beside it.
   */
  function merged(stored, reading, changes) {
    const base = stored || reading;
    const isReadable = isReading(base) && !isNewer(base, reading);
    return withChanges(isReadable ? base : { ...reading, id: `${reading.id}-own` }, changes);
  }

  // --- IndexedDB --------------------------------------------------------------------------

  let opened = null;

  function forgetDatabase() {
    opened = null;
  }

  /**
   * The database, opened again where the browser has closed it, as when somebody clears the site's
   * data.
   */
  function database() {
    opened =
      opened ||
      new Promise(openDatabase).catch((error) => {
        forgetDatabase(); // the next change tries again
        throw error;
      });
    return opened;
  }

  function openDatabase(resolve, reject) {
    setTimeout(() => reject(new DOMException('', 'TimeoutError')), OPENING);
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('readings', { keyPath: 'id' });
      request.result.createObjectStore('aside', { autoIncrement: true });
      request.result.createObjectStore('settings');
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      request.result.onclose = forgetDatabase;
      request.result.onversionchange = () => {
        request.result.close();
        forgetDatabase();
      };
      resolve(request.result);
    };
  }

  /** Runs `work` in one transaction; resolves with what it returned once the disk has it. */
  async function transaction(stores, mode, work) {
    const connection = await database();
    return new Promise((resolve, reject) => {
      const step = connection.transaction(stores, mode, { durability: 'strict' });
      const done = { value: undefined };
      step.oncomplete = () => resolve(done.value);
      step.onabort = () => reject(step.error || new Error('stopped'));
      work((store) => step.objectStore(store), done);
    });
  }

  function databaseStore() {
    return {
      kind: 'indexedDB',
      list: (assessment) =>
        transaction(['readings', 'aside'], 'readwrite', (store, done) => {
          store('readings').getAll().onsuccess = ({ target }) => {
            const { readings, newer, broken } = sort(target.result, assessment);
            for (const value of broken) {
              store('aside').add(value);
              store('readings').delete(value.id);
            }
            store('aside').getAll().onsuccess = (event) => {
              done.value = { readings, newer, aside: event.target.result };
            };
          };
        }),
      keep: (reading, changes) =>
        transaction(['readings'], 'readwrite', (store, done) => {
          store('readings').get(reading.id).onsuccess = ({ target }) => {
            done.value = merged(target.result, reading, changes);
            store('readings').put(done.value);
          };
        }),
      remove: (id) =>
        transaction(['readings'], 'readwrite', (store) => {
          store('readings').delete(id);
        }),
      find: (id) =>
        transaction(['readings'], 'readonly', (store, done) => {
          store('readings').get(id).onsuccess = ({ target }) => {
            done.value = target.result;
          };
        }),
      allowed: () =>
        transaction(['settings'], 'readonly', (store, done) => {
          store('settings').get('keep').onsuccess = ({ target }) => {
            done.value = target.result === true;
          };
        }),
      allow: () =>
        transaction(['settings'], 'readwrite', (store) => {
          store('settings').put(true, 'keep');
        }),
    };
  }

  // --- localStorage, and memory ---------------------------------------------------------

  /** What localStorage does, for as long as the page is open. */
  const memory = () =>
    Object.create({
      getItem(key) {
        return this[key];
      },
      setItem(key, text) {
        this[key] = text;
      },
      removeItem(key) {
        delete this[key];
      },
    });

  function simpleStore(kind, storage) {
    const keyOf = (part, id) => `${name} ${part} ${id}`;
    const keysOf = (part) => Object.keys(storage).filter((key) => key.startsWith(keyOf(part, '')));
    const parse = (text) => attempt(() => JSON.parse(text), text);
    const valueAt = (key) => parse(storage.getItem(key));
    const find = (id) => valueAt(keyOf('reading', id)) || undefined;
    const setAside = (key) => {
      storage.setItem(keyOf('aside', Date.now() + key), storage.getItem(key));
      storage.removeItem(key);
    };
    return {
      kind,
      async list(assessment) {
        const values = new Map(keysOf('reading').map((key) => [key, valueAt(key)]));
        const sorted = sort([...values.values()], assessment);
        for (const [key, value] of values) if (sorted.broken.includes(value)) setAside(key);
        return { ...sorted, aside: keysOf('aside').map(valueAt) };
      },
      async keep(reading, changes) {
        const value = merged(find(reading.id), reading, changes);
        storage.setItem(keyOf('reading', value.id), JSON.stringify(value));
        return value;
      },
      async remove(id) {
        storage.removeItem(keyOf('reading', id));
      },
      all: () => keysOf('reading').map(valueAt).filter(isReading),
      async find(id) {
        return find(id);
      },
      async allowed() {
        return storage.getItem(keyOf('keep', '')) === 'true';
      },
      async allow() {
        storage.setItem(keyOf('keep', ''), 'true');
      },
    };
  }

  const forgetful = () => simpleStore('memory', memory());

  function tryLocalStorage() {
    const probe = `${name} probe`;
    localStorage.setItem(probe, '1');
    localStorage.removeItem(probe);
    return simpleStore('localStorage', localStorage);
  }

  async function lasting() {
    const store = databaseStore();
    return store.find('').then(
      () => store,
      () => attempt(tryLocalStorage)
    ); // one that opens may still not be readable
  }

  /** What was kept in localStorage while there was no database goes where it belongs. */
  async function takeOver(store) {
    const simple = store.kind === 'indexedDB' && attempt(tryLocalStorage);
    for (const reading of simple ? simple.all() : []) {
      await store.keep(reading, []);
      await simple.remove(reading.id);
    }
  }

  /**
   * Opens the store of this site.
   * @returns {Promise<{store: object, ask: ?function(): Promise<object>}>} `ask` where keeping
   *   needs a yes first: called after the yes, it gives the store that lasts
   */
  async function open() {
    const store = await lasting();
    if (!store) return { store: forgetful(), ask: null };
    if (!folder || (await store.allowed())) {
      await takeOver(store);
      return { store, ask: null };
    }
    return {
      store: forgetful(),
      ask: async () => {
        await store.allow();
        return store;
      },
    };
  }

  // --- other tabs, and this one -----------------------------------------------------------

  // without one, tabs meet when they come into view
  const channel = attempt(() => new BroadcastChannel(name));

  /** Tells other tabs that a reading has changed, or was cleared. */
  const tell = (id, cleared = false) => channel?.postMessage({ id, cleared });

  /**
   * Calls back with what another tab has told, or with nothing where any reading may have changed.
   */
  function listen(callback) {
    channel?.addEventListener('message', ({ data }) => callback(data)); // every form of a page
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) callback({});
    });
  }

  /** The reading that this tab shows, over a reload. */
  const current = {
    get: (assessment) => attempt(() => sessionStorage.getItem(`${name} ${assessment}`)),
    set: (assessment, id) => attempt(() => sessionStorage.setItem(`${name} ${assessment}`, id)),
  };

  window.playbook.storage = { open, forgetful, tell, listen, current };
})();
