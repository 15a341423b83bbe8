// What every form that is kept needs: what is typed goes into its reading, the reading is kept,
// kept readings are listed, cleared and given back, blank sheets printed. What a reading comes to
// is the business of its own script.
'use strict';

(() => {
  const DOUBLE = 600; // ms within which two clicks are one
  const PATIENCE = 1000; // ms that a sheet waits for its fonts

  /**
   * The controller of a form. Nothing happens before `start`, so that a form that fails listens to
   * nothing.
   * @param {HTMLFormElement} form
   * @param {Sheet} sheet
   * @param {string} [cleared] the phrase that says that all was cleared
   */
  function formController(form, sheet, cleared = 'cleared') {
    const { reading: readings, storage, fields, messages, notices } = window.playbook;
    const words = new messages.Words(
      JSON.parse(document.querySelector('[data-words]').getAttribute('data-words'))
    ); // once a page
    const parts = new Map(
      [...form.querySelectorAll('[data-part]')].map((one) => [one.dataset.part, one])
    );
    const part = (name) => parts.get(name);
    const notice = notices.board(part('notices'));
    const autosave = window.playbook.autosave(sheet, {
      onReading: redraw,
      onKept: drawKept,
      onStore: drawStore,
    });
    let kind = null; // what its own script gave to `start`
    let chosenAt = 0;

    // --- drawing ---------------------------------------------------------------------------

    function draw(reading = autosave.reading) {
      kind.draw(reading);
      drawWhose(reading);
      const versions = { theirs: reading.version, ours: sheet.version };
      notice(
        'newer_version',
        readings.isNewer(reading, sheet) && words.phrase('newer_version', versions)
      );
      notice('older', reading.version < sheet.version && words.phrase('older_version', versions));
    }

    /** Whose sheet it is, overleaf. */
    function drawWhose(reading = autosave.reading) {
      if (part('whose'))
        part('whose').textContent = readings.isEmpty(reading) ? '' : label(reading);
    }

    /** Puts a reading into the fields; one of a newer version only to be read. */
    function fill(reading) {
      const isNewer = readings.isNewer(reading, sheet);
      fields.fill(form, kind.shown(reading), words);
      for (const field of fields.all(form)) field.disabled = isNewer;
      form.querySelector('[data-do="clear"]').disabled = isNewer;
    }

    function redraw() {
      fill(autosave.reading);
      draw();
      drawKept([]);
      drawStore();
    }

    /** Whether the reading is kept, after these changes were. */
    function drawKept(changes) {
      const { store, failure, waiting } = autosave;
      const key = keptPhrase();
      part('kept').textContent = store || waiting ? words.phrase(key) : '';
      part('kept').classList.toggle('not', key === 'not_kept');
      notice('failure', failure && words.phrase('not_kept_why', { reason: failure }));
      if (changes.some(({ path }) => path.length === 1) || !part('readings').value) drawStore();
    }

    function keptPhrase() {
      const { store, failure, waiting, reading } = autosave;
      if (!store || waiting) return failure ? 'not_kept' : 'keeping';
      if (store.kind === 'memory') return 'not_kept';
      return readings.isEmpty(reading) ? 'kept_nothing' : 'kept';
    }

    function label({ subject, chair, date }) {
      return [subject || words.phrase('reading_unnamed'), chair, words.date(date)]
        .filter(Boolean)
        .join(' · ');
    }

    /** The readings that the store holds, and what is to be said about it. */
    async function drawStore() {
      if (!autosave.store) return;
      const { readings: kept, newer, later, aside } = await autosave.list();
      const { store, ask, reading } = autosave;
      const all = [...kept, ...newer];
      const shown = all.some((one) => one.id === reading.id) ? all : [reading, ...all];
      part('readings').replaceChildren(
        ...shown.map((one) => new Option(label(one), one.id, false, one.id === reading.id))
      );
      notice('folder', ask && words.phrase('folder'), words.phrase('folder_keep'), autosave.agree);
      notice('weak', store.kind === 'localStorage' && words.phrase('weak_storage'));
      notice('none', store.kind === 'memory' && !ask && words.phrase('no_storage'));
      notice('newer', later.length && words.phrase('newer', { count: later.length }));
      notice(
        'aside',
        aside.length && words.phrase('set_aside', { count: aside.length }),
        words.phrase('set_aside_save'),
        () => save(aside)
      );
    }

    function save(values) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(
        new Blob([JSON.stringify(values, null, 2)], { type: 'application/json' })
      );
      link.download = `${sheet.id.replace('/', '-')}-set-aside.json`;
      link.click();
    }

    // --- what a reader does ----------------------------------------------------------------

    function take(field) {
      const change = fields.changeOf(field, words);
      fields.show(field, words);
      const changes = [...kind.changes(autosave.reading, change, field), change];
      const begins = !autosave.reading.date && change.path[0] !== 'date';
      // Swedes write dates as ISO does
      if (begins) changes.push({ path: ['date'], value: new Date().toLocaleDateString('sv') });
      autosave.change(...changes);
      if (begins && part('about')) fields.fill(part('about'), autosave.reading, words);
      if (change.path[0] === 'answers')
        kind.draw(autosave.reading, field.dataset.kind === 'number' ? field.name : '');
      drawWhose();
      drawKept([]);
    }

    /** A second click on what is chosen takes it back; a double click does not. */
    function takeBack(field, time) {
      if (!fields.isChosen(field, autosave.reading) || time - chosenAt < DOUBLE) return;
      field.checked = false;
      take(field);
    }

    async function clear() {
      const undo = await autosave.clear();
      if (undo)
        notice('undo', words.phrase(cleared), words.phrase('undo'), () => {
          notice('undo');
          undo();
        });
    }

    async function begin() {
      if (!(await autosave.settled())) return;
      autosave.openBlank();
      fields.all(form)[0].focus();
    }

    // --- paper -----------------------------------------------------------------------------

    /** Prints one part of the page and nothing else of it. */
    async function print(place) {
      await fontsForPaper();
      printNow(place);
    }

    function printNow(place, after = () => {}) {
      const always = place.classList.contains('alone');
      place.classList.add('alone');
      window.onafterprint = window.onfocus = () => {
        window.onafterprint = window.onfocus = null;
        place.classList.toggle('alone', always);
        after();
      };
      window.print();
    }

    /** Prints an empty form: empties the page, not the reading, and puts it back afterwards. */
    async function printBlank() {
      await fontsForPaper();
      const empty = readings.blank(sheet);
      fill(empty);
      draw(empty);
      printNow(form, redraw);
    }

    function printFromAddress() {
      if (location.hash !== '#print-blank' || !form.querySelector(location.hash)) return;
      history.replaceState(null, '', location.pathname + location.search);
      printBlank();
    }

    // --- wiring ----------------------------------------------------------------------------

    const actions = { new: begin, clear, print: () => print(form), blank: printBlank };

    /**
     * @param {FormKind} own `shown(reading)`: the reading as its fields show it; `draw(reading,
     *   typing)`: what it comes to; `changes(reading, change, field)`: what has to change with a
     *   change
     * @returns {Promise<void>} done once the store was looked into
     */
    function start(own) {
      kind = own;
      // What can fail comes first: a form that failed must not listen.
      // on paper: a line
      for (const field of form.querySelectorAll('[data-type]')) field.type = field.dataset.type;
      fill(autosave.reading);
      draw();
      storage.listen(autosave.otherTab);

      form.addEventListener('input', ({ target, timeStamp }) => {
        if (!target.name) return;
        chosenAt = timeStamp;
        take(target);
      });
      form.addEventListener('click', ({ target, timeStamp }) => {
        actions[target.dataset.do]?.();
        if (target.name) takeBack(target, timeStamp);
      });
      form.addEventListener('change', ({ target }) => {
        if (target.dataset.kind === 'number') draw();
      }); // typed to the end
      form.addEventListener('submit', (event) => event.preventDefault());
      // The site's single-key shortcuts (f, s, n, p) are not meant for somebody who fills in a
      // form.
      form.addEventListener('keydown', (event) => event.stopPropagation());
      part('readings').addEventListener('change', ({ target }) => autosave.openById(target.value));
      window.addEventListener('hashchange', printFromAddress);
      window.addEventListener('beforeunload', (event) => {
        if (
          autosave.waiting ||
          (autosave.store?.kind === 'memory' && !readings.isEmpty(autosave.reading))
        )
          event.preventDefault();
      });

      form.classList.add('live');
      if (document.readyState === 'complete') printFromAddress();
      else window.addEventListener('load', printFromAddress);
      return autosave.begin();
    }

    return { form, part, notice, words, autosave, start, draw, print, begin };
  }

  /** Done once the fonts are there, or are not to come, or have had their time. */
  function fontsForPaper() {
    const loaded = Promise.allSettled([...document.fonts].map((face) => face.load()));
    return Promise.race([loaded, new Promise((done) => setTimeout(done, PATIENCE))]);
  }

  /** Starts every form of a kind. One that fails stays a paper form and says so. */
  function every(kind, start) {
    for (const form of document.querySelectorAll(`form[data-module="${kind}"]:not(.live)`)) {
      try {
        start(form);
      } catch (error) {
        form.classList.remove('live');
        const { element } = window.playbook.notices;
        form.prepend(element('p', form.getAttribute('data-broken'), 'broken'));
        console.error(error);
      }
    }
  }

  window.playbook.formController = formController;
  window.playbook.every = every;
})();
