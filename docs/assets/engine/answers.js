// The answers of a reading that can be, and a problem for each that cannot. The twin of
// macros/engine/answers.py.
'use strict';

(() => {
  const { NONE_OF_THESE, choiceIds } = window.playbook.outcomes;

  const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const has = (map, key) => Object.prototype.hasOwnProperty.call(map, key);
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
    many(question, answer) {
      const ids = choiceIds(question);
      if (!Array.isArray(answer) || !answer.every((id) => ids.includes(id)))
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
    const current = (id) => (renamed.has(id) ? renamed.get(id) : id);
    return Array.isArray(answer) ? answer.map(current) : current(answer);
  }

  /** Of earlier questions that are answered, the one whose answer a question takes over. */
  const first = (was, target, entries) =>
    Object.keys(was).find((id) => was[id].includes(target) && has(entries, id));

  /**
   * The answers that can be, under today's ids (a Map); and a problem for each that cannot.
   * @param {object} model what scoringModel gave
   * @param {*} entries the answers of a reading
   * @returns {[Map<string, *>, {question: string, code: string}[]]}
   */
  function accept({ assessment, questions, scales }, entries) {
    if (!isObject(entries)) return [new Map(), [{ question: '', code: 'answers_not_a_mapping' }]];
    const { was, retired } = assessment;
    const answers = new Map();
    const problems = new Map(); // by its values: each is there once
    const note = (problem) => problems.set(JSON.stringify(problem), problem);

    /** Whether a question has another answer than that of the one which it took the place of. */
    const isAnswered = (target, id) =>
      target !== id && (has(entries, target) || first(was, target, entries) !== id);

    const take = (target, id) => {
      const question = questions.get(target);
      const scale = scales.get(target);
      const answer = carried(question, entries[id], scale);
      const code = refusal(question, answer, scale);
      if (code) note({ question: id, code });
      else answers.set(target, answer);
    };

    for (const id of Object.keys(entries)) {
      const targets = questions.has(id) ? [id] : has(was, id) ? was[id] : [];
      if (!targets.length)
        note({ question: id, code: retired.includes(id) ? 'retired' : 'no_such_question' });
      for (const target of targets) {
        if (isAnswered(target, id)) note({ question: id, code: 'already_answered', target });
        else take(target, id);
      }
    }
    return [answers, [...problems.values()]];
  }

  window.playbook.answers = { accept, isUnknown };
})();
