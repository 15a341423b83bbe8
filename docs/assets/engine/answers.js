// The answers of a reading that can be, and a problem for each that cannot. The twin of
// macros/engine/answers.py.
'use strict';

(() => {
  const NONE_OF_THESE = 'none_of_these';

  const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const isUnknown = (answer) =>
    isObject(answer) && Object.keys(answer).length === 1 && answer.unknown === true;

  function refusalOfState(question, answer) {
    if (isUnknown(answer)) return question.unknown ? '' : 'unknown_not_offered';
    if (Object.keys(answer).length !== 1 || typeof answer.na !== 'string') return 'no_such_answer';
    if (!question.na) return 'na_not_offered';
    return question.na === 'optional' || [...answer.na].some((sign) => sign > ' ')
      ? ''
      : 'na_needs_reason';
  }

  const refusals = {
    one: (question, answer, scale) =>
      scale.answers.some(({ id }) => id === answer) ? '' : 'no_such_answer',
    many({ choices, none_of_these: none }, answer) {
      const known = choices.map(({ id }) => id).concat(none ? NONE_OF_THESE : []);
      if (!Array.isArray(answer) || !answer.every((one) => known.includes(one)))
        return 'no_such_choice';
      if (new Set(answer).size < answer.length) return 'choice_twice';
      return answer.includes(NONE_OF_THESE) && answer.length > 1 ? 'none_with_others' : '';
    },
    number({ min, max, whole }, answer) {
      if (typeof answer !== 'number' || !Number.isFinite(answer)) return 'not_a_number';
      if (answer < min || answer > max) return 'out_of_range';
      return whole && !Number.isInteger(answer) ? 'not_a_whole_number' : '';
    },
    text: (question, answer) => (typeof answer === 'string' ? '' : 'not_a_text'),
  };

  /** Why an answer cannot be, as a code; empty if it can. */
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
   * @returns {[Map<string, *>, {question: string, code: string}[]]}
   */
  function accept({ assessment, questions, scales }, given) {
    const answers = new Map();
    const problems = new Map(); // by its values: each is there once
    const note = (problem) => problems.set(JSON.stringify(problem), problem);
    if (!isObject(given)) return [answers, [{ question: '', code: 'answers_not_a_mapping' }]];
    const has = (map, id) => Object.prototype.hasOwnProperty.call(map, id);
    const take = (old, id, value) => {
      const first = () =>
        Object.keys(assessment.was).find(
          (one) => assessment.was[one].includes(id) && has(given, one)
        );
      if (id !== old && (has(given, id) || first() !== old)) {
        note({ question: old, code: 'already_answered', target: id });
        return;
      }
      const answer = carried(questions.get(id), value, scales.get(id));
      const code = refusal(questions.get(id), answer, scales.get(id));
      if (code) note({ question: old, code });
      else answers.set(id, answer);
    };
    for (const [id, value] of Object.entries(given)) {
      const targets = questions.has(id) ? [id] : has(assessment.was, id) ? assessment.was[id] : [];
      for (const target of targets) take(id, target, value);
      if (!targets.length)
        note({
          question: id,
          code: assessment.retired.includes(id) ? 'retired' : 'no_such_question',
        });
    }
    return [answers, [...problems.values()]];
  }

  window.playbook.answers = { accept, isUnknown };
})();
