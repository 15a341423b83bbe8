// The answers of a reading that can be, and a problem for each that cannot. The twin of
// macros/engine/answers.py.
'use strict';

(() => {
  const NONE_OF_THESE = 'none_of_these';

  const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const isUnknown = (answer) =>
    isObject(answer) && Object.keys(answer).length === 1 && answer.unknown === true;

  function refusalOfState(question, answer) {
    if (isUnknown(answer)) return question.unknown ? '' : "can't tell is not offered";
    if (Object.keys(answer).length !== 1 || typeof answer.na !== 'string') return 'no such answer';
    if (!question.na) return 'not applicable is not offered';
    return question.na === 'optional' || [...answer.na].some((sign) => sign > ' ')
      ? ''
      : 'not applicable needs a reason';
  }

  const refusals = {
    one: (question, answer, scale) =>
      scale.answers.some(({ id }) => id === answer) ? '' : 'no such answer',
    many({ choices, none_of_these: none }, answer) {
      const known = choices.map(({ id }) => id).concat(none ? NONE_OF_THESE : []);
      if (!Array.isArray(answer) || !answer.every((one) => known.includes(one)))
        return 'no such choice';
      if (new Set(answer).size < answer.length) return 'a choice stands twice';
      return answer.includes(NONE_OF_THESE) && answer.length > 1
        ? 'none_of_these goes with no other choice'
        : '';
    },
    number({ min, max, whole }, answer) {
      if (typeof answer !== 'number' || !Number.isFinite(answer)) return 'not a number';
      if (answer < min || answer > max) return 'out of range';
      return whole && !Number.isInteger(answer) ? 'not a whole number' : '';
    },
    text: (question, answer) => (typeof answer === 'string' ? '' : 'not a text'),
  };

  /** Why an answer cannot be; empty if it can. */
  function refusal(question, answer, scale) {
    return isObject(answer)
      ? refusalOfState(question, answer)
      : refusals[question.kind || 'one'](question, answer, scale);
  }

  /** An answer under today's ids. */
  function carried({ kind = 'one', choices }, answer, scale) {
    const items = kind === 'one' ? scale.answers : choices || [];
    const renamed = new Map(items.filter(({ was }) => was).map(({ id, was }) => [was, id]));
    const now = (one) => (renamed.has(one) ? renamed.get(one) : one);
    return Array.isArray(answer) ? answer.map(now) : now(answer);
  }

  /**
   * The answers that can be, under today's ids (a Map); and a problem for each that cannot.
   * @param {object} model what scoringModel gave
   * @param {*} given the answers of a reading
   */
  function accept({ assessment, questions, scales }, given) {
    const answers = new Map(),
      problems = [];
    if (!isObject(given))
      return [
        answers,
        [{ question: '', message: 'answers is not a mapping of questions to answers' }],
      ];
    const has = (map, id) => Object.prototype.hasOwnProperty.call(map, id);
    const take = (old, id, value) => {
      const first = () =>
        Object.keys(assessment.was).find(
          (one) => assessment.was[one].includes(id) && has(given, one)
        );
      if (id !== old && (has(given, id) || first() !== old)) return `answered as ${id} too`;
      const answer = carried(questions.get(id), value, scales.get(id));
      const message = refusal(questions.get(id), answer, scales.get(id));
      if (!message) answers.set(id, answer);
      return message;
    };
    for (const [id, value] of Object.entries(given)) {
      const targets = questions.has(id) ? [id] : has(assessment.was, id) ? assessment.was[id] : [];
      const gone = assessment.retired.includes(id) ? 'retired' : 'no such question';
      const messages = targets.length ? targets.map((target) => take(id, target, value)) : [gone];
      problems.push(
        ...[...new Set(messages)].filter(Boolean).map((message) => ({ question: id, message }))
      );
    }
    return [answers, problems];
  }

  window.playbook.answers = { accept, isUnknown };
})();
