// Finds the forms of a page and wires them: what is typed goes into the reading, the reading is scored,
// the result is drawn, the reading is kept. A form that fails stays a paper form and says so.
'use strict';

(() => {
  const DOUBLE = 600; // ms within which two clicks are one
  const PAUSE = 700; // ms of rest before a screen reader is told what has changed

  function start(form) {
    const { readings, storage, results, fields, speaking, further, notices } = window.playbook;
    const assessment = JSON.parse(form.getAttribute('data-assessment'));
    const speak = speaking.speaker(JSON.parse(form.getAttribute('data-words')));
    const at = results.view(form, assessment, speak);
    const parts = new Map([...form.querySelectorAll('[data-part]')].map((one) => [one.dataset.part, one]));
    const part = (name) => parts.get(name);
    const notice = notices.board(part('notices'), results.element);
    const keeper = window.playbook.keeper(assessment, { reading: redraw, kept: drawKept, store: drawStore });
    const lines = new Map(assessment.questions.map(({ id }, n) => [id, n + 1]));
    const nothing = { distance: [], more: null };
    const later = further.idler(tellMore, () => tellMore(nothing));
    let pending = 0, chosen = 0, scored = null;

    // --- drawing ---------------------------------------------------------------------------

    function draw(reading = keeper.reading, typing = '') {
      const newer = readings.isNewer(reading, assessment);
      scored = window.playbook.scored(assessment, lines, speak, newer ? readings.blank(assessment) : reading, scored ? scored.further : nothing);
      speakLater(results.draw(at, scored, typing));
      later(further.beyond(scored));
      drawWhose(reading);
      const versions = { theirs: reading.version, ours: assessment.version };
      notice('newer_version', newer && speak.say('newer_version', versions));
      notice('older', reading.version < assessment.version && speak.say('older_version', versions));
      notice('not_carried', notices.notCarried(scored));
    }

    /** What was worked out after the drawing. */
    function tellMore(found) {
      scored.further = found;
      speakLater(results.tell(at, scored));
    }

    /** Whose sheet it is, overleaf. */
    function drawWhose(reading = keeper.reading) {
      if (part('whose')) part('whose').textContent = readings.isEmpty(reading) ? '' : label(reading);
    }

    function speakLater(text) {
      clearTimeout(pending);
      pending = setTimeout(() => { if (at.spoken.textContent !== text) at.spoken.textContent = text; }, PAUSE);
    }

    /** Puts a reading into the fields; one of a newer version only to be read. */
    function fill(reading) {
      const shown = readings.carried(reading, assessment), newer = readings.isNewer(reading, assessment);
      const answers = newer ? {} : Object.fromEntries(window.playbook.answers.accept(window.playbook.states.formOf(assessment), shown.answers)[0]);
      fields.fill(form, { ...shown, answers: { ...shown.answers, ...answers } }, speak);
      for (const field of fields.all(form)) field.disabled = newer;
      form.querySelector('[data-do="clear"]').disabled = newer;
    }

    function redraw() {
      fill(keeper.reading);
      scored = null; // what is said of one reading is not said of another, not even for a moment
      draw();
      drawKept([]);
      drawStore();
    }

    /** Whether the reading is kept, after these changes were. */
    function drawKept(changes) {
      const { store, failure, waiting, reading } = keeper;
      const key = !store || waiting ? (failure ? 'not_kept' : 'keeping')
        : store.kind === 'memory' ? 'not_kept' : readings.isEmpty(reading) ? 'kept_nothing' : 'kept';
      part('kept').textContent = store || waiting ? speak.say(key) : '';
      part('kept').classList.toggle('not', key === 'not_kept');
      notice('failure', failure && speak.say('not_kept_why', { reason: failure }));
      if (changes.some(({ path }) => path.length === 1) || !part('readings').value) drawStore();
    }

    function label({ subject, chair, date }) {
      return [subject || speak.say('reading_unnamed'), chair, speak.date(date)].filter(Boolean).join(' · ');
    }

    /** The readings that the store holds, and what is to be said about it. */
    async function drawStore() {
      if (!keeper.store) return;
      const { readings: kept, newer, later: unread, aside } = await keeper.list();
      const { store, ask, reading } = keeper;
      const all = [...kept, ...newer];
      const shown = all.some((one) => one.id === reading.id) ? all : [reading, ...all];
      part('readings').replaceChildren(...shown.map((one) => new Option(label(one), one.id, false, one.id === reading.id)));
      notice('folder', ask && speak.say('folder'), speak.say('folder_keep'), keeper.agree);
      notice('weak', store.kind === 'localStorage' && speak.say('weak_storage'));
      notice('none', store.kind === 'memory' && !ask && speak.say('no_storage'));
      notice('newer', unread.length && speak.say('newer', { count: unread.length }));
      notice('aside', aside.length && speak.say('set_aside', { count: aside.length }), speak.say('set_aside_save'), () => save(aside));
    }

    function save(values) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([JSON.stringify(values, null, 2)], { type: 'application/json' }));
      link.download = `${assessment.id}-set-aside.json`;
      link.click();
    }

    // --- what a reader does ----------------------------------------------------------------

    function change(field) {
      const made = fields.changeOf(field, speak);
      fields.show(field, speak);
      const changes = [...readings.settling(keeper.reading, assessment, made.path), made];
      const begins = !keeper.reading.date && made.path[0] !== 'date';
      if (begins) changes.push({ path: ['date'], value: new Date().toLocaleDateString('sv') }); // Swedes write dates as ISO does
      keeper.change(...changes);
      if (begins) fields.fill(part('about'), keeper.reading, speak);
      if (made.path[0] === 'answers') draw(keeper.reading, field.dataset.kind === 'number' ? field.name : '');
      drawWhose();
      drawKept([]);
    }

    /** A second click on what is chosen takes it back; a double click does not. */
    function takeBack(field, time) {
      if (!fields.isChosen(field, keeper.reading) || time - chosen < DOUBLE) return;
      field.checked = false;
      change(field);
    }

    async function clear() {
      const undo = await keeper.clear();
      if (undo) notice('undo', speak.say('cleared'), speak.say('undo'), () => { notice('undo'); undo(); });
    }

    async function begin() {
      if (!await keeper.settled()) return;
      keeper.openBlank();
      form.querySelector('[name="reading.subject"]').focus();
    }

    /** Prints an empty form: empties the page, not the reading, and puts it back afterwards. */
    function printBlank() {
      const empty = readings.blank(assessment);
      fill(empty);
      draw(empty);
      window.onafterprint = window.onfocus = () => {
        window.onafterprint = window.onfocus = null;
        redraw();
      };
      window.print();
    }

    function printFromAddress() {
      if (location.hash !== '#print-blank') return;
      history.replaceState(null, '', location.pathname + location.search);
      printBlank();
    }

    // --- wiring ----------------------------------------------------------------------------

    const deeds = { new: begin, clear, print: () => window.print(), blank: printBlank };

    // What can fail comes first: a form that failed must not listen.
    for (const field of form.querySelectorAll('[data-type]')) field.type = field.dataset.type; // on paper: a line
    fill(keeper.reading);
    draw();
    storage.listen(keeper.otherTab);

    form.addEventListener('input', ({ target, timeStamp }) => {
      if (!target.name) return;
      chosen = timeStamp;
      change(target);
    });
    form.addEventListener('click', ({ target, timeStamp }) => {
      deeds[target.dataset.do]?.();
      if (target.name) takeBack(target, timeStamp);
    });
    form.addEventListener('change', ({ target }) => { if (target.dataset.kind === 'number') draw(); }); // typed to the end
    form.addEventListener('submit', (event) => event.preventDefault());
    // The site's single-key shortcuts (f, s, n, p) are not meant for somebody who fills in a form.
    form.addEventListener('keydown', (event) => event.stopPropagation());
    part('readings').addEventListener('change', ({ target }) => keeper.openById(target.value));
    window.addEventListener('hashchange', printFromAddress);
    window.addEventListener('beforeunload', (event) => {
      if (keeper.waiting || (keeper.store?.kind === 'memory' && !readings.isEmpty(keeper.reading))) event.preventDefault();
    });

    form.classList.add('live');
    if (document.readyState === 'complete') printFromAddress();
    else window.addEventListener('load', printFromAddress);
    keeper.begin();
  }

  for (const form of document.querySelectorAll('form[data-module="assessment"]:not(.live)')) {
    try {
      start(form);
    } catch (error) {
      form.classList.remove('live');
      const told = document.createElement('p');
      told.className = 'broken';
      told.textContent = form.getAttribute('data-broken');
      form.insertBefore(told, form.firstChild);
      console.error(error);
    }
  }
})();
