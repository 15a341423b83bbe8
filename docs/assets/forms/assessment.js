// The assessments of a page: what is answered is scored, and the result drawn. The rest is the desk's.
'use strict';

(() => {
  const PAUSE = 700; // ms of rest before a screen reader is told what has changed

  function start(form) {
    const { readings, results, further, notices, answers, states } = window.playbook;
    const assessment = JSON.parse(form.getAttribute('data-assessment'));
    const desk = window.playbook.desk(form, assessment);
    const { speak } = desk;
    const at = results.view(form, assessment, speak);
    const lines = new Map(assessment.questions.map(({ id }, n) => [id, n + 1]));
    const nothing = { distance: [], more: null };
    const later = further.idler(tellMore, () => tellMore(nothing));
    let pending = 0, scored = null;

    function draw(reading, typing) {
      const newer = readings.isNewer(reading, assessment);
      scored = window.playbook.scored(assessment, lines, speak, newer ? readings.blank(assessment) : reading, scored ? scored.further : nothing);
      speakLater(results.draw(at, scored, typing));
      later(further.beyond(scored));
      desk.notice('not_carried', notices.notCarried(scored));
    }

    /** What was worked out after the drawing. */
    function tellMore(found) {
      scored.further = found;
      speakLater(results.tell(at, scored));
    }

    function speakLater(text) {
      clearTimeout(pending);
      pending = setTimeout(() => { if (at.spoken.textContent !== text) at.spoken.textContent = text; }, PAUSE);
    }

    /** Under today's ids, with today's answers. */
    function shown(reading) {
      scored = null; // what is said of one reading is not said of another, not even for a moment
      const carried = readings.carried(reading, assessment);
      if (readings.isNewer(reading, assessment)) return carried;
      const [taken] = answers.accept(states.formOf(assessment), carried.answers);
      return { ...carried, answers: { ...carried.answers, ...Object.fromEntries(taken) } };
    }

    /** The worksheet of a move is opened with what is known already, in the part of its address that is never sent. */
    function carry({ target }) {
      const link = target.closest('[data-worksheet]');
      if (!link) return;
      const { id } = assessment.questions.find((one) => one.id === link.closest('[data-move]').dataset.move);
      const { subject, moves, notes } = readings.carried(desk.keeper.reading, assessment);
      const told = { subject, owner: moves[id]?.who, finding: finding(id, notes[id]) };
      link.hash = new URLSearchParams(Object.entries(told).filter(([, text]) => text)).toString();
    }

    /** A line with its answers and its note, as sentences. */
    function finding(id, note) {
      const place = at.questions.get(id);
      const said = [...place.querySelectorAll('.answers :checked')].filter((one) => one.value)
        .map((one) => (one.matches('option') ? one : one.parentElement.querySelector('.anchor')).textContent.trim());
      if (!said.length && !note) return '';
      return `${[assessment.questions[lines.get(id) - 1].name, ...said, note].filter(Boolean).map((text) => text.replace(/\.$/, '')).join('. ')}.`;
    }

    desk.start({ shown, draw, changes: (reading, { path }) => readings.settling(reading, assessment, path) });
    for (const kind of ['click', 'auxclick', 'contextmenu']) form.addEventListener(kind, carry);
  }

  window.playbook.every('assessment', start);
})();
