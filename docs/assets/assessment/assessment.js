// Finds the forms of a page and wires them: what is typed goes into the reading, the reading is scored,
// the result is drawn, the reading is kept. A form that fails stays a paper form and says so.
'use strict';

(() => {
  const DOUBLE = 600; // ms within which two clicks are one
  const PAUSE = 700; // ms of rest before a screen reader is told what has changed

  /** The verdict that the worst answer to any one open question makes certain, if it is one and the same. */
  function oneMore(score, assessment, answers) {
    const open = assessment.questions.filter((question) => !(question.id in answers));
    const verdicts = new Set(open.map(({ id }) => score(assessment, { answers: { ...answers, [id]: assessment.scales[0].worst } }).verdict));
    return verdicts.size === 1 ? [...verdicts][0] : null;
  }

  function start(form) {
    const { score, readings, storage, results, fields } = window.playbook;
    const assessment = JSON.parse(form.dataset.assessment);
    const speak = results.speaker(JSON.parse(form.dataset.words));
    const at = results.view(form);
    const part = (name) => form.querySelector(`[data-part="${name}"]`);
    const keeper = window.playbook.keeper(assessment, { reading: redraw, kept: drawKept, store: drawStore });
    let speaking = 0, chosen = 0;

    // --- drawing ---------------------------------------------------------------------------

    function draw(reading = keeper.reading) {
      const result = score(assessment, reading);
      const answers = { ...reading.answers };
      for (const { question } of result.problems) delete answers[question]; // stays as it is kept, shows as open
      const more = result.verdict ? null : oneMore(score, assessment, answers);
      speakLater(results.draw(at, { assessment, answers, result, speak, more }));
      drawWhose(reading);
    }

    /** Whose sheet it is, overleaf. */
    function drawWhose(reading = keeper.reading) {
      part('whose').textContent = readings.isEmpty(reading) ? '' : label(reading);
    }

    function speakLater(text) {
      clearTimeout(speaking);
      speaking = setTimeout(() => { if (at.spoken.textContent !== text) at.spoken.textContent = text; }, PAUSE);
    }

    function redraw() {
      fields.fill(form, keeper.reading, speak);
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
      const { readings: kept, newer, aside } = await keeper.list();
      const { store, ask, reading } = keeper;
      const shown = kept.some((one) => one.id === reading.id) ? kept : [reading, ...kept];
      part('readings').replaceChildren(...shown.map((one) => new Option(label(one), one.id, false, one.id === reading.id)));
      notice('folder', ask && speak.say('folder'), speak.say('folder_keep'), keeper.agree);
      notice('weak', store.kind === 'localStorage' && speak.say('weak_storage'));
      notice('none', store.kind === 'memory' && !ask && speak.say('no_storage'));
      notice('newer', newer.length && speak.say('newer', { count: newer.length }));
      notice('aside', aside.length && speak.say('set_aside', { count: aside.length }), speak.say('set_aside_save'), () => save(aside));
    }

    const notices = new Map();

    /** Shows a notice under a key, with a button if `label` is given; no text takes it away. */
    function notice(key, text, label, act) {
      if (notices.get(key)?.dataset.text === text) return; // a screen reader need not hear it twice
      notices.get(key)?.remove();
      notices.delete(key);
      if (!text) return;
      const shown = results.element('p', `${text} `, '');
      shown.dataset.text = text;
      if (label) shown.append(Object.assign(results.element('button', label, ''), { type: 'button', onclick: act }));
      notices.set(key, shown);
      part('notices').append(shown);
    }

    function save(values) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([JSON.stringify(values, null, 2)], { type: 'application/json' }));
      link.download = `${assessment.id}-set-aside.json`;
      link.click();
    }

    // --- what a reader does ----------------------------------------------------------------

    function change(field) {
      fields.show(field, speak);
      const changes = [fields.changeOf(field)];
      const begins = !keeper.reading.date && changes[0].path[0] !== 'date';
      if (begins) changes.push({ path: ['date'], value: new Date().toLocaleDateString('sv') }); // Swedes write dates as ISO does
      keeper.change(...changes);
      if (begins) fields.fill(form, keeper.reading, speak);
      if (changes[0].path[0] === 'answers') draw();
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
      form.elements['reading.subject'].focus();
    }

    /** Prints an empty form: empties the page, not the reading, and puts it back afterwards. */
    function printBlank() {
      const empty = readings.blank(assessment);
      fields.fill(form, empty, speak);
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
    fields.fill(form, keeper.reading, speak);
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
      told.textContent = form.dataset.broken;
      form.prepend(told);
      console.error(error);
    }
  }
})();
