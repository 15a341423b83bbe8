// Keeps the reading of a form while it is filled in: changes go to the store one after the other,
// and what other tabs have changed comes back. Nothing counts as kept before the store has said so.
'use strict';

(() => {
  /**
   * @param {Sheet} sheet
   * @param {AutosaveListeners} listeners `onReading`: another reading, or others' changes in it;
   *   `onKept`: these changes are kept, or, with a `failure`, nothing could be; `onStore`: another
   *   tab has changed what the store holds
   */
  function autosave(sheet, listeners) {
    const { reading: readings, storage } = window.playbook;
    /** @type {*} */
    const self = {
      reading: readings.blank(sheet),
      store: null,
      failure: '',
      ask: null,
      get waiting() {
        return pending.length + sending.length > 0;
      },
    };
    let pending = []; // changes that are not kept yet
    let sending = []; // and those on their way

    function change(...changes) {
      if (readings.isNewer(self.reading, sheet)) return; // only to be read
      self.reading = readings.withChanges(self.reading, changes);
      pending.push(...changes);
      keep();
    }

    /** A change that changes nothing: what the store does not have, it gets in full. */
    const keepInFull = () => change({ path: ['subject'], value: self.reading.subject });

    function fail(error) {
      self.failure = error.name;
      sending = [];
      listeners.onKept([]);
    }

    async function keep() {
      if (sending.length || !self.store || !pending.length) return;
      const batch = (sending = pending);
      pending = [];
      try {
        const { id } = self.reading;
        const kept = await self.store.keep(self.reading, batch);
        self.failure = '';
        sending = [];
        storage.current.set(sheet.id, id);
        storage.tell(id);
        takeOver(kept);
      } catch (error) {
        pending = [...batch, ...pending];
        fail(error);
        return;
      }
      listeners.onKept(batch);
      await keep();
    }

    /** Takes over what the store holds, under the changes that it does not hold yet. */
    function takeOver(kept) {
      if (kept.id !== self.reading.id) return;
      const own = [...sending, ...pending];
      const merged = own.length ? readings.withChanges(kept, own) : kept;
      const isSame =
        JSON.stringify({ ...merged, changed: '' }) ===
        JSON.stringify({ ...self.reading, changed: '' });
      self.reading = merged;
      if (!isSame) listeners.onReading();
    }

    /** Waits until all changes are kept; false where they cannot be. */
    async function settled() {
      while (sending.length)
        await new Promise((resolve) => {
          setTimeout(resolve, 10);
        });
      await keep();
      return self.store && !pending.length;
    }

    function open(reading) {
      self.reading = reading;
      storage.current.set(sheet.id, reading.id);
      listeners.onReading();
    }

    const openBlank = () => open(readings.blank(sheet));

    async function openById(id) {
      const found = (await settled()) && (await self.store.find(id).catch(() => null));
      open(found || self.reading);
    }

    /** Takes the reading out of the store. Gives a function that puts it back. */
    async function clear() {
      if (!(await settled())) return null;
      const before = self.reading;
      try {
        await self.store.remove(before.id);
      } catch (error) {
        fail(error);
        return null;
      }
      storage.tell(before.id, true);
      openBlank();
      return () => {
        open(before);
        keepInFull();
      };
    }

    /**
     * Another tab has changed the reading with this id, or cleared it; without an id, any may have
     * changed.
     */
    async function otherTab({ id, cleared }) {
      const shown = self.reading;
      if (cleared && id === shown.id && !self.waiting) openBlank();
      const kept =
        self.store &&
        (!id || id === shown.id) &&
        !cleared &&
        (await self.store.find(shown.id).catch(() => null));
      if (readings.isReading(kept)) takeOver(kept);
      else if (kept === undefined && shown === self.reading && !readings.isEmpty(shown))
        keepInFull(); // the store lost it
      listeners.onStore();
    }

    /**
     * Opens the store, and goes on with the reading of this tab or the newest; what was typed
     * meanwhile stays on top.
     */
    async function begin() {
      try {
        Object.assign(self, await storage.open());
        await self.store.list(sheet);
      } catch {
        Object.assign(self, { store: storage.forgetful(), ask: null });
      }
      const { readings: kept } = await list();
      const found = kept.find((one) => one.id === storage.current.get(sheet.id)) || kept[0];
      if (found) self.reading = pending.length ? readings.withChanges(found, pending) : found;
      listeners.onReading();
      keep();
    }

    /** After a reader's yes: from memory into the store that lasts. */
    async function agree() {
      try {
        const typed = (await list()).readings;
        self.store = await self.ask();
        self.ask = null;
        for (const one of typed) await self.store.keep(one, []);
        listeners.onReading();
      } catch (error) {
        fail(error);
      }
    }

    /**
     * What the store holds, the newest reading first; `newer` can be read, `later` not even that.
     */
    async function list() {
      const all = await self.store
        .list(sheet)
        .catch(() => ({ readings: [], newer: [], aside: [] }));
      all.readings.sort((a, b) => (a.changed < b.changed ? 1 : -1));
      return {
        ...all,
        newer: all.newer.filter(readings.isReading),
        later: all.newer.filter((one) => !readings.isReading(one)),
      };
    }

    return Object.assign(self, {
      change,
      settled,
      openBlank,
      openById,
      clear,
      otherTab,
      begin,
      agree,
      list,
    });
  }

  window.playbook.autosave = autosave;
})();
