// The assessments of a page: what is answered is scored, and the result drawn. The rest is the
// controller's.
'use strict';

(() => {
  const {
    reading: readings,
    result: results,
    distance,
    notices,
    answers,
    state,
    FormController,
    makeViewModel,
  } = window.playbook;
  const PAUSE = 700; // ms of rest before a screen reader is told what has changed
  const NOTHING = { distance: [], more: null }; // known of the way to another verdict

  function start(form) {
    const assessment = JSON.parse(form.getAttribute('data-assessment'));
    const controller = new FormController(form, assessment);
    const { words } = controller;
    const view = results.view(form, assessment, words);
    const lines = new Map(assessment.questions.map(({ id }, n) => [id, n + 1]));
    const later = distance.runWhenIdle(tellMore, () => tellMore(NOTHING));
    const speak = speaker(view.spoken);
    let viewModel = null;

    /**
     * All at once; or, while a reader answers, what stands beside the answers before the next frame
     * and the rest after it.
     */
    function draw(reading, typing) {
      const readable = readings.isNewer(reading, assessment) ? readings.blank(assessment) : reading;
      const outlook = viewModel?.outlook || NOTHING;
      const drawn = makeViewModel(assessment, lines, words, readable, outlook);
      const drawRest = () => {
        if (viewModel === drawn) speak(results.drawRest(view, drawn));
      };
      viewModel = drawn;
      results.draw(view, drawn, typing);
      if (typing === undefined) drawRest();
      else requestAnimationFrame(() => setTimeout(drawRest));
      later(distance.beyond(drawn));
      controller.notice('not_carried', notices.notCarried(drawn));
    }

    /** What was worked out after the drawing. */
    function tellMore(outlook) {
      viewModel.outlook = outlook;
      speak(results.tell(view, viewModel));
    }

    function shown(reading) {
      viewModel = null; // what is said of one reading is not said of another, not even for a moment
      return underTodaysIds(reading, assessment);
    }

    function carry({ target }) {
      const link = target.closest('[data-worksheet]');
      if (!link) return;
      const { reading } = controller.autosave;
      link.hash = known(link.closest('[data-move]').dataset.move, view, reading, assessment);
    }

    controller.start({
      shown,
      draw,
      changes: (reading, { path }) => readings.settling(reading, assessment, path),
    });
    for (const event of ['click', 'auxclick', 'contextmenu']) form.addEventListener(event, carry);
    new ResizeObserver(keepClear).observe(form.querySelector('.bar'));
  }

  /** Gives a function that tells a screen reader a text once nothing else has come for a while. */
  function speaker(place) {
    let pending = 0;
    return (text) => {
      clearTimeout(pending);
      pending = setTimeout(() => {
        if (place.textContent !== text) place.textContent = text;
      }, PAUSE);
    };
  }

  /** A reading under today's ids, with today's answers. */
  function underTodaysIds(reading, assessment) {
    const carried = readings.carried(reading, assessment);
    if (readings.isNewer(reading, assessment)) return carried;
    const [accepted] = answers.accept(state.scoringModel(assessment), carried.answers);
    return { ...carried, answers: { ...carried.answers, ...Object.fromEntries(accepted) } };
  }

  /** What the worksheet of a move is opened with, as the part of its address that is never sent. */
  function known(id, view, reading, assessment) {
    const { name } = assessment.questions.find((question) => question.id === id);
    const { subject, moves, notes } = readings.carried(reading, assessment);
    const finding = findingOf(view.questions.get(id), name, notes[id]);
    const texts = Object.entries({ subject, owner: moves[id]?.who, finding });
    return new URLSearchParams(texts.filter(([, text]) => text)).toString();
  }

  /** A line with its answers and its note, as sentences. */
  function findingOf(place, name, note) {
    const boxes = [...place.querySelectorAll('.answers :checked')].filter(({ value }) => value);
    const titles = boxes.map((box) => {
      const label = box.matches('option') ? box : box.parentElement.querySelector('.anchor');
      return label.textContent.trim();
    });
    if (!titles.length && !note) return '';
    const texts = [name, ...titles, note].filter(Boolean);
    return texts.map((text) => text.replace(/\.?$/, '.')).join(' ');
  }

  /** What is scrolled to stays clear of the bar, however high its words have made it. */
  function keepClear() {
    const bars = [...document.querySelectorAll('.bar')].map((bar) => bar.offsetHeight);
    document.documentElement.style.scrollPaddingBlockEnd = `${Math.max(...bars) + 16}px`;
  }

  window.playbook.every('assessment', start);
})();
