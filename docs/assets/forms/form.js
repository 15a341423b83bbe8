// What every form that is kept needs: what is typed goes into its reading, the reading is kept,
// kept readings are listed, cleared and given back, blank sheets printed. What a reading comes to
// is the business of its own script.
'use strict';

(() => {
  const DOUBLE = 600; // ms within which two clicks are one
  const PATIENCE = 1000; // ms that a sheet waits for its fonts
  const { reading: readings, storage, fields, messages, notices, Autosave } = window.playbook;

  /**
   * The controller of a form. Nothing happens before `start`, so that a form that fails listens to
   * nothing.
   */
  class FormController {
    #form;
    #sheet;
    #cleared;
    #parts;
    #kind; // what its own script gave to `start`
    #chosenAt = 0;

    /**
     * @param {HTMLFormElement} form
     * @param {Sheet} sheet
     * @param {string} [cleared] the phrase that says that all was cleared
     */
    constructor(form, sheet, cleared = 'cleared') {
      this.#form = form;
      this.#sheet = sheet;
      this.#cleared = cleared;
      this.#parts = Object.fromEntries(
        [...form.querySelectorAll('[data-part]')].map((place) => [place.dataset.part, place])
      );
      this.words = new messages.Words(
        JSON.parse(document.querySelector('[data-words]').getAttribute('data-words'))
      ); // once a page
      this.notice = notices.board(this.#parts.notices);
      this.autosave = new Autosave(sheet, {
        onReading: () => this.#redraw(),
        onKept: (changes) => this.#drawKept(changes),
        onStore: () => this.#drawStore(),
      });
    }

    /**
     * @param {FormKind} kind `shown(reading)`: the reading as its fields show it; `draw(reading,
     *   typing)`: what it comes to; `changes(reading, change, field)`: what has to change with a
     *   change
     * @returns {Promise<void>} done once the store was looked into
     */
    start(kind) {
      this.#kind = kind;
      // What can fail comes first: a form that failed must not listen.
      for (const field of this.#form.querySelectorAll('[data-type]'))
        field.type = field.dataset.type; // on paper: a line
      this.#show(this.autosave.reading);
      storage.listen((change) => this.autosave.otherTab(change));
      this.#listenToForm();
      this.#listenToWindow();
      this.#form.classList.add('live');
      if (document.readyState === 'complete') this.#printFromAddress();
      else window.addEventListener('load', () => this.#printFromAddress());
      return this.autosave.begin();
    }

    /** Opens a blank reading. */
    async begin() {
      if (!(await this.autosave.settled())) return;
      this.autosave.openBlank();
      fields.all(this.#form)[0].focus();
    }

    /** Prints one part of the page and nothing else of it. */
    async print(place) {
      await fontsForPaper();
      printNow(place);
    }

    // --- drawing ---------------------------------------------------------------------------

    #redraw() {
      this.#show(this.autosave.reading);
      this.#drawKept([]);
      this.#drawStore();
    }

    #show(reading) {
      this.#fill(reading);
      this.#draw(reading);
    }

    /** Puts a reading into the fields; one of a newer version only to be read. */
    #fill(reading) {
      const isNewer = readings.isNewer(reading, this.#sheet);
      fields.fill(this.#form, this.#kind.shown(reading), this.words);
      for (const field of fields.all(this.#form)) field.disabled = isNewer;
      this.#form.querySelector('[data-do="clear"]').disabled = isNewer;
    }

    #draw(reading) {
      this.#kind.draw(reading);
      this.#drawWhose(reading);
      this.#drawVersion(reading);
    }

    /** That a reading is of another version than the form. */
    #drawVersion(reading) {
      const { words } = this;
      const theirs = reading.version;
      const ours = this.#sheet.version;
      const isNewer = readings.isNewer(reading, this.#sheet);
      this.notice('newer_version', isNewer && words.phrase('newer_version', { theirs, ours }));
      this.notice('older', theirs < ours && words.phrase('older_version', { theirs, ours }));
    }

    /** Whose sheet it is, overleaf. */
    #drawWhose(reading = this.autosave.reading) {
      const { whose } = this.#parts;
      if (whose) whose.textContent = readings.isEmpty(reading) ? '' : this.#label(reading);
    }

    #label({ subject, chair, date }) {
      return [subject || this.words.phrase('reading_unnamed'), chair, this.words.date(date)]
        .filter(Boolean)
        .join(' · ');
    }

    /** Whether the reading is kept, after these changes were. */
    #drawKept(changes) {
      const { store, failure, waiting } = this.autosave;
      const key = this.#keptPhrase();
      const { kept } = this.#parts;
      kept.textContent = store || waiting ? this.words.phrase(key) : '';
      kept.classList.toggle('not', key === 'not_kept');
      this.notice('failure', failure && this.words.phrase('not_kept_why', { reason: failure }));
      if (changes.some(({ path }) => path.length === 1) || !this.#parts.readings.value)
        this.#drawStore();
    }

    #keptPhrase() {
      const { store, failure, waiting, reading } = this.autosave;
      if (!store || waiting) return failure ? 'not_kept' : 'keeping';
      if (store.kind === 'memory') return 'not_kept';
      return readings.isEmpty(reading) ? 'kept_nothing' : 'kept';
    }

    /** The readings that the store holds, and what is to be said about it. */
    async #drawStore() {
      if (!this.autosave.store) return;
      const listed = await this.autosave.list();
      this.#drawReadings([...listed.readings, ...listed.newer]);
      this.#drawStoreNotices(listed);
    }

    /** The list to choose from: the reading that is open stands in it even while nothing does. */
    #drawReadings(kept) {
      const { reading } = this.autosave;
      const isOpen = ({ id }) => id === reading.id;
      const listed = kept.some(isOpen) ? kept : [reading, ...kept];
      this.#parts.readings.replaceChildren(
        ...listed.map((one) => new Option(this.#label(one), one.id, false, isOpen(one)))
      );
    }

    #drawStoreNotices({ later, aside }) {
      const { store, ask } = this.autosave;
      const { words } = this;
      this.notice('folder', ask && words.phrase('folder'), words.phrase('folder_keep'), () =>
        this.autosave.agree()
      );
      this.notice('weak', store.kind === 'localStorage' && words.phrase('weak_storage'));
      this.notice('none', store.kind === 'memory' && !ask && words.phrase('no_storage'));
      this.notice('newer', later.length && words.phrase('newer', { count: later.length }));
      this.notice(
        'aside',
        aside.length && words.phrase('set_aside', { count: aside.length }),
        words.phrase('set_aside_save'),
        () => this.#download(aside)
      );
    }

    /** Saves as a file what was set aside. */
    #download(values) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(
        new Blob([JSON.stringify(values, null, 2)], { type: 'application/json' })
      );
      link.download = `${this.#sheet.id.replace('/', '-')}-set-aside.json`;
      link.click();
    }

    // --- what a reader does ----------------------------------------------------------------

    #actions = {
      new: () => this.begin(),
      clear: () => this.#clear(),
      print: () => this.print(this.#form),
      blank: () => this.#printBlank(),
    };

    #listenToForm() {
      const form = this.#form;
      form.addEventListener('input', ({ target, timeStamp }) => {
        if (!target.name) return;
        this.#chosenAt = timeStamp;
        this.#take(target);
      });
      form.addEventListener('click', ({ target, timeStamp }) => {
        this.#actions[target.dataset.do]?.();
        if (target.name) this.#takeBack(target, timeStamp);
      });
      form.addEventListener('change', ({ target }) => {
        if (target.dataset.kind === 'number') this.#draw(this.autosave.reading);
      }); // typed to the end
      form.addEventListener('submit', (event) => event.preventDefault());
      // The site's single-key shortcuts (f, s, n, p) are not meant for somebody who fills in a
      // form.
      form.addEventListener('keydown', (event) => event.stopPropagation());
      this.#parts.readings.addEventListener('change', ({ target }) =>
        this.autosave.openById(target.value)
      );
    }

    #listenToWindow() {
      window.addEventListener('hashchange', () => this.#printFromAddress());
      window.addEventListener('beforeunload', (event) => {
        const { waiting, store, reading } = this.autosave;
        if (waiting || (store?.kind === 'memory' && !readings.isEmpty(reading)))
          event.preventDefault();
      });
    }

    /** Takes what a field says into the reading; the first time, with today's date. */
    #take(field) {
      const { autosave } = this;
      const { about } = this.#parts;
      const change = fields.changeOf(field, this.words);
      fields.show(field, this.words);
      const changes = [...this.#kind.changes(autosave.reading, change, field), change];
      const isFirst = !autosave.reading.date && change.path[0] !== 'date';
      // Swedes write dates as ISO does
      if (isFirst) changes.push({ path: ['date'], value: new Date().toLocaleDateString('sv') });
      autosave.change(...changes);
      if (isFirst && about) fields.fill(about, autosave.reading, this.words);
      if (change.path[0] === 'answers')
        this.#kind.draw(autosave.reading, field.dataset.kind === 'number' ? field.name : '');
      this.#drawWhose();
      this.#drawKept([]);
    }

    /** A second click on what is chosen takes it back; a double click does not. */
    #takeBack(field, time) {
      if (!fields.isChosen(field, this.autosave.reading) || time - this.#chosenAt < DOUBLE) return;
      field.checked = false;
      this.#take(field);
    }

    async #clear() {
      const undo = await this.autosave.clear();
      if (undo)
        this.notice('undo', this.words.phrase(this.#cleared), this.words.phrase('undo'), () => {
          this.notice('undo');
          undo();
        });
    }

    // --- paper -----------------------------------------------------------------------------

    /** Prints an empty form: empties the page, not the reading, and puts it back afterwards. */
    async #printBlank() {
      await fontsForPaper();
      const empty = readings.blank(this.#sheet);
      this.#show(empty);
      printNow(this.#form, () => this.#redraw());
    }

    #printFromAddress() {
      if (location.hash !== '#print-blank' || !this.#form.querySelector(location.hash)) return;
      history.replaceState(null, '', location.pathname + location.search);
      this.#printBlank();
    }
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
        form.prepend(notices.element('p', form.getAttribute('data-broken'), 'broken'));
        console.error(error);
      }
    }
  }

  window.playbook.FormController = FormController;
  window.playbook.every = every;
})();
