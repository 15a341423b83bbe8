// Finds the forms of a page and wires them: what is typed goes into the reading, the reading is scored,
// the result is drawn, the reading is kept. A form that fails stays a paper form and says so.
'use strict';

(() => {
  const PAUSE = 700; // ms of rest before a screen reader is told what has changed

  /** The path of a field in its reading: `metric_integrity`, `notes.metric_integrity`, `reading.subject`. */
  function pathOf(name) {
    const steps = name.split('.');
    if (steps.length === 1) return ['answers', ...steps];
    return steps[0] === 'reading' ? steps.slice(1) : steps;
  }

  function valueAt(reading, path) {
    const value = path.reduce((inside, step) => (inside === undefined ? undefined : inside[step]), reading);
    if (typeof value === 'string') return value;
    return value && value.unknown === true ? 'unknown' : '';
  }

  /** Puts a reading into the fields, and what paper shows of them beside them. */
  function fill(form, reading, speak) {
    for (const field of form.elements) {
      if (!field.name) continue;
      const value = valueAt(reading, pathOf(field.name));
      if (field.type === 'radio') field.checked = field.value === value;
      else if (field.value !== value) field.value = value;
      show(field, speak);
    }
  }

  /** What paper shows of a field. */
  function show(field, speak) {
    const typed = field.parentElement.querySelector('.typed');
    if (!typed) return;
    if (field.type === 'date') typed.textContent = speak.date(field.value);
    else typed.textContent = field.type === 'select-one' && field.value ? field.selectedOptions[0].textContent : field.value;
  }

  /** The verdict that the worst answer to any one open question makes certain, if it is one and the same. */
  function oneMore(score, assessment, answers) {
    const open = assessment.questions.filter((question) => !(question.id in answers));
    const verdicts = new Set(open.map(({ id }) => score(assessment, { answers: { ...answers, [id]: assessment.scale.worst } }).verdict));
    return verdicts.size === 1 ? [...verdicts][0] : null;
  }

  function start(form) {
    const { score, readings, storage, results } = window.playbook;
    const assessment = JSON.parse(form.dataset.assessment);
    const words = JSON.parse(form.dataset.words);
    const speak = results.speaker(words);
    const at = results.view(form);
    const part = (name) => form.querySelector(`[data-part="${name}"]`);

    let reading = readings.blank(assessment);
    let store = null, ask = null; // until the store is open
    let pending = [], sending = []; // changes that are not kept yet, and those on their way
    let failure = '';
    let speaking = 0;

    // --- drawing ---------------------------------------------------------------------------

    function draw(shown = reading) {
      const result = score(assessment, shown);
      const answers = { ...shown.answers };
      for (const { question } of result.problems) delete answers[question]; // stays as it is kept, shows as open
      const more = result.verdict ? null : oneMore(score, assessment, answers);
      speakLater(results.draw(at, { assessment, answers, result, speak, more }));
    }

    function speakLater(text) {
      clearTimeout(speaking);
      speaking = setTimeout(() => { if (at.spoken.textContent !== text) at.spoken.textContent = text; }, PAUSE);
    }

    function redraw() {
      fill(form, reading, speak);
      draw();
      drawKept();
      drawList();
    }

    function drawKept() {
      const waiting = pending.length + sending.length;
      const key = !store || waiting ? (failure ? 'not_kept' : 'keeping')
        : store.kind === 'memory' ? 'not_kept' : readings.isEmpty(reading) ? 'kept_nothing' : 'kept';
      const text = store || waiting ? speak.say(key) : '';
      part('kept').textContent = text;
      part('kept').classList.toggle('not', key === 'not_kept');
    }

    // --- notices ---------------------------------------------------------------------------

    const notices = new Map();

    /** Shows a notice under a key, with a button if `label` is given; no text takes it away. */
    function notice(key, text, label, act) {
      notices.get(key)?.remove();
      notices.delete(key);
      if (!text) return;
      const shown = results.element('p', `${text} `, '');
      if (label) shown.append(Object.assign(results.element('button', label, ''), { type: 'button', onclick: act }));
      notices.set(key, shown);
      part('notices').append(shown);
    }

    // --- keeping ---------------------------------------------------------------------------

    function change(path, value) {
      const changes = [{ path, value }];
      const dated = reading.date || path[0] === 'date';
      if (!dated) changes.push({ path: ['date'], value: today() }); // a reading begins on the day of its first mark
      reading = readings.withChanges(reading, changes);
      if (!dated) fill(form, reading, speak);
      pending.push(...changes);
      notice('undo');
      draw();
      drawKept();
      keep();
    }

    function fail(error) {
      failure = error.message || error.name;
      sending = [];
      notice('failure', speak.say('not_kept_why', { reason: failure }));
    }

    async function keep() {
      if (sending.length || !store || !pending.length) return;
      const batch = sending = pending;
      pending = [];
      try {
        const { id } = reading;
        const kept = await store.keep(reading, batch);
        failure = '';
        sending = [];
        storage.current.set(assessment.id, id);
        storage.tell(id);
        meet(kept);
      } catch (error) {
        pending = [...batch, ...pending];
        fail(error);
      }
      if (!failure) notice('failure');
      drawKept();
      if (failure) return;
      if (batch.some(({ path }) => path.length === 1) || !part('readings').value) drawList();
      if (pending.length) await keep();
    }

    /** Takes over what a store holds, under the changes that it does not hold yet. */
    function meet(kept) {
      if (kept.id !== reading.id) return;
      const own = [...sending, ...pending];
      const merged = own.length ? readings.withChanges(kept, own) : kept;
      const same = JSON.stringify({ ...merged, changed: '' }) === JSON.stringify({ ...reading, changed: '' });
      reading = merged;
      if (same) return;
      fill(form, reading, speak);
      draw();
    }

    /** Waits until all changes are kept; false where they cannot be. */
    async function settled() {
      while (sending.length) await new Promise((resolve) => { setTimeout(resolve, 10); });
      await keep();
      return store && !pending.length;
    }

    async function otherTab(id) {
      const shown = reading;
      const kept = store && (!id || id === shown.id) && await store.find(shown.id).catch(() => null);
      if (readings.isReading(kept)) meet(kept);
      else if (kept === undefined && shown === reading && !pending.length && !sending.length && !readings.isEmpty(shown)) open(readings.blank(assessment));
      drawList();
    }

    // --- readings --------------------------------------------------------------------------

    const today = () => new Date().toLocaleDateString('sv'); // Swedes write dates as ISO does

    function label(one) {
      return [one.subject || speak.say('reading_unnamed'), one.chair, speak.date(one.date)].filter(Boolean).join(' · ');
    }

    async function drawList() {
      if (!store) return;
      const all = await store.list(assessment).catch(() => ({ readings: [] }));
      const kept = all.readings.filter((one) => one.id !== reading.id).concat(reading);
      kept.sort((a, b) => (a.changed < b.changed ? 1 : -1));
      part('readings').replaceChildren(...kept.map((one) => new Option(label(one), one.id, false, one.id === reading.id)));
    }

    function open(one) {
      reading = one;
      storage.current.set(assessment.id, one.id);
      redraw();
    }

    async function openById(id) {
      if (!await settled()) return drawList();
      const found = await store.find(id).catch(() => null);
      if (found) open(found);
      return undefined;
    }

    async function clear() {
      if (!await settled()) return;
      const before = reading;
      try { await store.remove(before.id); } catch (error) { fail(error); return; }
      storage.tell(before.id);
      open(readings.blank(assessment));
      notice('undo', speak.say('cleared'), speak.say('undo'), () => {
        open(before);
        change(['subject'], before.subject); // keeps the whole of it, or says that it could not
      });
    }

    // --- paper -----------------------------------------------------------------------------

    /** Prints an empty form: empties the page, not the reading, and puts it back afterwards. */
    function printBlank() {
      const empty = readings.blank(assessment);
      fill(form, empty, speak);
      draw(empty);
      const back = () => {
        window.onafterprint = window.onfocus = null;
        redraw();
      };
      window.onafterprint = window.onfocus = back;
      window.print();
    }

    function printFromAddress() {
      if (location.hash !== '#print-blank') return;
      history.replaceState(null, '', location.pathname + location.search);
      printBlank();
    }

    // --- wiring ----------------------------------------------------------------------------

    const deeds = {
      new: async () => {
        if (!await settled()) return;
        open(readings.blank(assessment));
        form.elements['reading.subject'].focus();
      },
      clear,
      print: () => window.print(),
      blank: printBlank,
    };

    // What can fail comes first: a form that failed must not listen.
    for (const field of form.querySelectorAll('[data-type]')) field.type = field.dataset.type; // on paper: a line
    fill(form, reading, speak);
    draw();
    storage.listen(otherTab);

    form.addEventListener('input', ({ target }) => {
      if (!target.name) return;
      show(target, speak);
      const path = pathOf(target.name);
      change(path, path[0] === 'answers' && target.value === 'unknown' ? { unknown: true } : target.value);
    });
    form.addEventListener('click', ({ target }) => deeds[target.dataset.do]?.());
    form.addEventListener('submit', (event) => event.preventDefault());
    // The site's single-key shortcuts (f, s, n, p) are not meant for somebody who fills in a form.
    form.addEventListener('keydown', (event) => event.stopPropagation());
    part('readings').addEventListener('change', ({ target }) => openById(target.value));
    window.addEventListener('hashchange', printFromAddress);
    window.addEventListener('beforeunload', (event) => {
      if (pending.length || sending.length || (store?.kind === 'memory' && !readings.isEmpty(reading))) event.preventDefault();
    });

    // --- what is kept already --------------------------------------------------------------

    async function use(opened) {
      store = opened;
      notice('weak', store.kind === 'localStorage' && speak.say('weak_storage'));
      notice('none', store.kind === 'memory' && !ask && speak.say('no_storage'));
      const { readings: kept, newer, aside } = await store.list(assessment);
      notice('newer', newer.length > 0 && speak.say('newer', { count: newer.length }));
      notice('aside', aside.length > 0 && speak.say('set_aside', { count: aside.length }), speak.say('set_aside_save'), () => save(aside));
      return kept;
    }

    function save(values) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([JSON.stringify(values, null, 2)], { type: 'application/json' }));
      link.download = `${assessment.id}-set-aside.json`;
      link.click();
    }

    async function begin() {
      const opened = await storage.open();
      ask = opened.ask;
      notice('folder', ask && speak.say('folder'), speak.say('folder_keep'), agree);
      return use(opened.store);
    }

    /** Goes on with the reading of this tab, or the newest; what was typed meanwhile stays on top. */
    function resume(kept) {
      const last = kept.find((one) => one.id === storage.current.get(assessment.id));
      const newest = kept.slice().sort((a, b) => (a.changed < b.changed ? 1 : -1))[0];
      const found = last || newest;
      if (found) reading = pending.length ? readings.withChanges(found, pending) : found;
      redraw();
      keep();
    }

    async function agree() {
      try {
        const typed = (await store.list(assessment)).readings;
        const lasting = await ask();
        await use(lasting);
        for (const one of typed) await lasting.keep(one, []);
        notice('folder');
        redraw();
      } catch (error) {
        fail(error);
      }
    }

    form.classList.add('live');
    if (document.readyState === 'complete') printFromAddress();
    else window.addEventListener('load', printFromAddress);
    begin().catch(() => use(storage.forgetful())).then(resume);
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
