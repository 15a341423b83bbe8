// The assessments of a page: what is answered is scored, and the result drawn. The rest is the
// controller's.
'use strict';

(() => {
  const PAUSE = 700; // ms of rest before a screen reader is told what has changed

  function start(form) {
    const {
      reading: readings,
      result: results,
      distance,
      notices,
      answers,
      FormController,
      state: { scoringModel },
    } = window.playbook;
    const assessment = JSON.parse(form.getAttribute('data-assessment'));
    const controller = new FormController(form, assessment);
    const { words } = controller;
    const view = results.view(form, assessment, words);
    const lines = new Map(assessment.questions.map(({ id }, n) => [id, n + 1]));
    const nothing = { distance: [], more: null };
    const later = distance.runWhenIdle(tellMore, () => tellMore(nothing));
    let pending = 0;
    let viewModel = null;

    /**
     * All at once; or, while a reader answers, what stands beside the answers before the next frame
     * and the rest after it.
     */
    function draw(reading, typing) {
      const newer = readings.isNewer(reading, assessment);
      viewModel = window.playbook.makeViewModel(
        assessment,
        lines,
        words,
        newer ? readings.blank(assessment) : reading,
        viewModel?.outlook || nothing
      );
      const drawn = viewModel;
      const drawRest = () => {
        if (viewModel === drawn) speakLater(results.drawRest(view, drawn));
      };
      results.draw(view, drawn, typing);
      if (typing === undefined) drawRest();
      else requestAnimationFrame(() => setTimeout(drawRest));
      later(distance.beyond(drawn));
      controller.notice('not_carried', notices.notCarried(drawn));
    }

    /** What was worked out after the drawing. */
    function tellMore(found) {
      viewModel.outlook = found;
      speakLater(results.tell(view, viewModel));
    }

    function speakLater(text) {
      clearTimeout(pending);
      pending = setTimeout(() => {
        if (view.spoken.textContent !== text) view.spoken.textContent = text;
      }, PAUSE);
    }

    /** Under today's ids, with today's answers. */
    function shown(reading) {
      viewModel = null; // what is said of one reading is not said of another, not even for a moment
      const carried = readings.carried(reading, assessment);
      if (readings.isNewer(reading, assessment)) return carried;
      const [taken] = answers.accept(scoringModel(assessment), carried.answers);
      return { ...carried, answers: { ...carried.answers, ...Object.fromEntries(taken) } };
    }

    /**
     * The worksheet of a move is opened with what is known already, in the part of its address that
     * is never sent.
     */
    function carry({ target }) {
      const link = target.closest('[data-worksheet]');
      if (!link) return;
      const { id } = assessment.questions.find(
        (one) => one.id === link.closest('[data-move]').dataset.move
      );
      const { subject, moves, notes } = readings.carried(controller.autosave.reading, assessment);
      const known = { subject, owner: moves[id]?.who, finding: finding(id, notes[id]) };
      link.hash = new URLSearchParams(Object.entries(known).filter(([, text]) => text)).toString();
    }

    /** A line with its answers and its note, as sentences. */
    function finding(id, note) {
      const place = view.questions.get(id);
      const titles = [...place.querySelectorAll('.answers :checked')]
        .filter((one) => one.value)
        .map((one) =>
          (one.matches('option')
            ? one
            : one.parentElement.querySelector('.anchor')
          ).textContent.trim()
        );
      if (!titles.length && !note) return '';
      return `${[assessment.questions[lines.get(id) - 1].name, ...titles, note]
        .filter(Boolean)
        .map((text) => text.replace(/\.$/, ''))
        .join('. ')}.`;
    }

    controller.start({
      shown,
      draw,
      changes: (reading, { path }) => readings.settling(reading, assessment, path),
    });
    for (const kind of ['click', 'auxclick', 'contextmenu']) form.addEventListener(kind, carry);
    new ResizeObserver(keepClear).observe(form.querySelector('.bar'));
  }

  /** What is scrolled to stays clear of the bar, however high its words have made it. */
  function keepClear() {
    const bars = [...document.querySelectorAll('.bar')].map((bar) => bar.offsetHeight);
    document.documentElement.style.scrollPaddingBlockEnd = `${Math.max(...bars) + 16}px`;
  }

  window.playbook.every('assessment', start);
})();
