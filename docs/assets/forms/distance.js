// What a page works out once it is drawn, a little at a time: how far it is to another verdict.
'use strict';

(() => {
  const SLICE = 5; // ms; with its last step and what is told then, not more than a frame of 16

  /**
   * The smallest changes that make another verdict certain; or the verdict that one more worst
   * answer does.
   */
  function* beyond(viewModel) {
    const { score } = window.playbook;
    const { assessment, reading, result } = viewModel;
    if (!result.verdict) return { distance: [], more: yield* oneMore(viewModel) };
    const distance = [];
    for (const change of score.distance(assessment, reading, result.verdict)) {
      if (change) distance.push(change);
      yield;
    }
    return { distance, more: null };
  }

  /**
   * The verdict that the worst answer to any one open question makes certain, if it is one and the
   * same.
   */
  function* oneMore({ assessment, reading, answers, model, shown, oneScale }) {
    if (!oneScale) return null;
    let commonVerdict = null;
    for (const { id, kind = 'one', required = true } of assessment.questions) {
      if (kind !== 'one' || !required || answers.has(id) || !shown.has(id)) continue;
      const worse = { answers: { ...reading.answers, [id]: model.scales.get(id).worst } };
      const verdict = yield* window.playbook.score.verdict(assessment, worse);
      if (!verdict || (commonVerdict && commonVerdict !== verdict)) return null;
      commonVerdict = verdict;
      yield;
    }
    return commonVerdict;
  }

  /**
   * Goes through steps while the page is idle. Gives a function that starts with other ones
   * instead.
   * @param {function(*): void} finish called with what the steps return
   * @param {function(): void} pause called when it takes longer than a moment, once
   */
  function runWhenIdle(finish, pause) {
    const [ask, stop] = window.requestIdleCallback
      ? [requestIdleCallback, cancelIdleCallback]
      : [setTimeout, clearTimeout];
    let waiting = 0;
    return (steps) => {
      stop(waiting);
      let paused = false;
      const go = () => {
        const end = performance.now() + SLICE;
        do {
          const { value, done } = steps.next();
          if (done) {
            finish(value);
            return;
          }
        } while (performance.now() < end);
        if (!paused) pause();
        paused = true;
        waiting = ask(go);
      };
      waiting = ask(go);
    };
  }

  window.playbook.distance = { beyond, runWhenIdle };
})();
