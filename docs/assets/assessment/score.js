// Answers in, result out. The twin of macros/scoring.py: the same fields, the same order, the same values.
'use strict';

(() => {
  const { TRUE, FALSE, condition, questionsIn } = window.playbook.expressions;
  const MOST_COMPLETIONS = 20000, MOST_EVALUATIONS = 20000;

  const ids = (list) => list.map((item) => item.id);
  const isUnknown = (answer) => typeof answer === 'object' && answer !== null &&
    Object.keys(answer).length === 1 && answer.unknown === true;

  /** The answers that can be (a Map), and a problem for each that cannot. */
  function accept(assessment, given) {
    const answers = new Map(), problems = [];
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      return [answers, [{ question: '', message: 'answers is not a mapping of questions to answers' }]];
    }
    const questions = ids(assessment.questions), offered = ids(assessment.scale.answers);
    for (const [question, answer] of Object.entries(given)) {
      if (!questions.includes(question)) problems.push({ question, message: 'no such question' });
      else if (offered.includes(answer) || (assessment.unknown && isUnknown(answer))) answers.set(question, answer);
      else problems.push({ question, message: 'no such answer' });
    }
    return [answers, problems];
  }

  /** The options of every question: the one given, or all that are offered. */
  function stateOf(assessment, answers) {
    const unknown = { answer: assessment.unknown, unknown: true };
    const offered = ids(assessment.scale.answers).map((answer) => ({ answer, unknown: false }));
    if (assessment.unknown) offered.push(unknown);
    return new Map(assessment.questions.map(({ id }) => {
      const answer = answers.get(id);
      if (answer === undefined) return [id, offered];
      return [id, [typeof answer === 'string' ? { answer, unknown: false } : unknown]];
    }));
  }

  function coverage(assessment, answers) {
    const unknown = [...answers.values()].filter((answer) => typeof answer !== 'string').length;
    return { answered: answers.size - unknown, unknown, open: assessment.questions.length - answers.size };
  }

  const completions = (state, depends) => depends.reduce((product, id) => product * state.get(id).length, 1);

  /** All that `decide` comes to over every completion: branch on open questions, leave out settled branches. */
  function possible(decide, state, depends) {
    const found = new Set();
    const visit = (state) => {
      const seen = decide(state);
      if (seen.length === 1) found.add(seen[0]);
      if (seen.every((one) => found.has(one))) return;
      const question = depends.find((id) => state.get(id).length > 1);
      for (const option of state.get(question)) visit(new Map(state).set(question, [option]));
    };
    visit(state);
    return found;
  }

  /** The verdicts that cannot be ruled out, up to the first that surely holds. */
  function candidates(assessment, state) {
    const found = [];
    for (const verdict of assessment.verdicts) {
      const value = verdict.when ? condition(verdict.when, state) : TRUE;
      if (value & TRUE) found.push(verdict.id);
      if (value === TRUE) break;
    }
    return found;
  }

  /** The questions of these rules, each once, in the order of the form. */
  function dependsOn(assessment, rules) {
    const every = ids(assessment.questions);
    const named = new Set(rules.filter(Boolean).flatMap((rule) => questionsIn(rule, every)));
    return every.filter((id) => named.has(id));
  }

  function possibleVerdicts(assessment, state) {
    const depends = dependsOn(assessment, assessment.verdicts.map((verdict) => verdict.when));
    if (completions(state, depends) > MOST_COMPLETIONS) return [candidates(assessment, state), false];
    const found = possible((one) => candidates(assessment, one), state, depends);
    return [ids(assessment.verdicts).filter((id) => found.has(id)), true];
  }

  function certain(assessment, rule, state) {
    const depends = dependsOn(assessment, [rule]);
    if (completions(state, depends) > MOST_COMPLETIONS) return condition(rule, state) === TRUE;
    const values = (one) => [TRUE, FALSE].filter((value) => condition(rule, one) & value);
    const found = possible(values, state, depends);
    return found.size === 1 && found.has(TRUE);
  }

  /** The questions in those parts of a rule that are true. */
  function reasons(tree, state) {
    if (!Array.isArray(tree)) return [];
    const [name, ...parts] = tree;
    const all = (holds) => [...state].filter(([, options]) => options.every(holds)).map(([id]) => id);
    if (name === 'and' || name === 'or') {
      return parts.filter((part) => condition(part, state) === TRUE).flatMap((part) => reasons(part, state));
    }
    if (name === 'is') return [parts[0]];
    if (name === 'count') return all((option) => option.answer === parts[0]);
    if (name === 'unknown') return all((option) => option.unknown);
    return parts.flatMap((part) => reasons(part, state));
  }

  function why(assessment, verdict, state) {
    const rule = assessment.verdicts.find((one) => one.id === verdict)?.when;
    const named = new Set(rule ? reasons(rule, state) : []);
    return ids(assessment.questions).filter((id) => named.has(id));
  }

  /** The smallest changes of given answers that make another verdict certain: of one, or else of two. */
  function distance(assessment, answers, verdict) {
    const offered = ids(assessment.scale.answers);
    const ones = ids(assessment.questions).filter((id) => answers.has(id))
      .map((id) => offered.filter((answer) => answer !== answers.get(id)).map((answer) => [id, answer]));
    const tried = (changes) => changes.flatMap((change) => {
      const [possible] = possibleVerdicts(assessment, stateOf(assessment, new Map([...answers, ...change])));
      return possible.length === 1 && possible[0] !== verdict
        ? [{ changes: Object.fromEntries(change), verdict: possible[0] }] : [];
    });
    const near = tried(ones.flat().map((one) => [one]));
    const all = ones.flat().length;
    const pairs = (all ** 2 - ones.reduce((sum, own) => sum + own.length ** 2, 0)) / 2;
    if (near.length || pairs > MOST_EVALUATIONS) return near;
    return tried(ones.flatMap((first, n) => ones.slice(n + 1)
      .flatMap((second) => first.flatMap((one) => second.map((other) => [one, other])))));
  }

  /**
   * The result of a reading.
   * @param {object} assessment as embedded in the page
   * @param {{answers: object}} reading
   * @returns {object} the fields of macros/scoring.py's `score`
   */
  function score(assessment, reading) {
    const [answers, problems] = accept(assessment, reading.answers === undefined ? {} : reading.answers);
    const state = stateOf(assessment, answers);
    const [possible, exact] = possibleVerdicts(assessment, state);
    const verdict = possible.length === 1 ? possible[0] : null;
    const counts = Object.fromEntries(ids(assessment.scale.answers).map((id) => [id, 0]));
    for (const options of state.values()) if (options.length === 1) counts[options[0].answer] += 1;
    return {
      assessment: assessment.id,
      version: assessment.version,
      verdict,
      possible,
      exact: exact || verdict !== null,
      counts,
      coverage: coverage(assessment, answers),
      warnings: ids(assessment.warnings.filter((warning) => certain(assessment, warning.when, state))),
      why: { questions: why(assessment, verdict, state) },
      distance: verdict !== null ? distance(assessment, answers, verdict) : [],
      problems,
    };
  }

  window.playbook.score = score;
})();
