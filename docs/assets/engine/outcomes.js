// What each question of a reading can still come to. The twin of macros/engine/outcomes.py, which
// says more.
'use strict';

(() => {
  const { TRUE, FALSE, NOTHING, condition, joined } = window.playbook.evaluate;
  const NONE_OF_THESE = 'none_of_these';
  const SETS = ['applies', 'answered', 'unknown', 'na', 'counts'];
  const RANGES = ['points', 'possible', 'number'];

  // One state of a question: its answers, of which '' is none at all; ranges; sets of TRUE and
  // FALSE.
  const ABSENT = {
    answers: [''],
    points: NOTHING,
    possible: NOTHING,
    number: NOTHING,
    chosen: null,
    applies: FALSE,
    answered: FALSE,
    unknown: FALSE,
    na: FALSE,
    counts: FALSE,
  };
  const NOT_APPLICABLE = { ...ABSENT, na: TRUE };
  const LEFT_OUT = { ...ABSENT, applies: TRUE, unknown: TRUE };
  const GIVEN = { ...ABSENT, applies: TRUE, answered: TRUE, counts: TRUE };

  const union = (sets) => sets.reduce((bits, set) => bits | set, 0);
  const point = (number) => (number === undefined ? NOTHING : [number + 0, number + 0, false]);

  /** One outcome for all that any of these is. */
  function either(outcomes) {
    if (outcomes.length === 1) return outcomes[0];
    const answers = [...new Set(outcomes.flatMap((outcome) => outcome.answers))];
    const result = { answers, chosen: eitherChoices(outcomes) };
    const values = (name) => outcomes.map((outcome) => outcome[name]);
    for (const name of RANGES) result[name] = joined(values(name));
    for (const name of SETS) result[name] = union(values(name));
    return result;
  }

  function eitherChoices(outcomes) {
    const sets = outcomes.map(({ chosen }) => chosen).filter(Boolean);
    if (!sets.length) return null;
    const missing = sets.length < outcomes.length ? FALSE : 0; // of an outcome without choices
    return mapped(
      Object.keys(sets[0]),
      (choice) => union(sets.map((chosen) => chosen[choice])) | missing
    );
  }

  const mapped = (ids, value) => Object.fromEntries(ids.map((id) => [id, value(id)]));

  // --- options -----------------------------------------------------------------------------

  const pointsOf = (question, answer) => question.points?.[answer.id] ?? answer.points;

  function ofAnswer(question, scale, id) {
    const points = pointsOf(
      question,
      scale.answers.find((answer) => answer.id === id)
    );
    const possible = points === undefined ? NOTHING : point(question.possible);
    return { ...GIVEN, answers: [id], points: point(points), possible };
  }

  function ofUnknown(question, scale) {
    if (question.unknown === 'excluded') return LEFT_OUT;
    return { ...ofAnswer(question, scale, question.unknown), answered: FALSE, unknown: TRUE };
  }

  const choiceIds = ({ choices, none_of_these: none }) => [
    ...choices.map(({ id }) => id),
    ...(none ? [NONE_OF_THESE] : []),
  ];

  /** Choices that are set, not set, or either; with the answers that a rating can give them. */
  function ofChoices(question, scale, chosen) {
    if (question.rating)
      return either(rated(question, scale, chosen).map((outcome) => ({ ...outcome, chosen })));
    let low = 0;
    let high = 0;
    for (const { id, points = 0 } of question.choices) {
      if (chosen[id] === TRUE) [low, high] = [low + points, high + points];
      else if (chosen[id] & TRUE)
        [low, high] = [low + Math.min(points, 0), high + Math.max(points, 0)];
    }
    const possible = point(question.possible);
    return {
      ...GIVEN,
      points: possible === NOTHING ? NOTHING : [low + 0, high + 0, false],
      possible,
      chosen,
    };
  }

  function rated(question, scale, chosen) {
    const outcomes = [];
    const state = { find: (tree) => chosen[tree[2]] };
    for (const rule of question.rating.rules) {
      const holds = rule.when === undefined ? TRUE : condition(rule.when, state);
      if (holds & TRUE) outcomes.push(ofAnswer(question, scale, rule.is));
      if (holds === TRUE) break;
    }
    return outcomes;
  }

  const picked = (question, scale, ids) =>
    ofChoices(
      question,
      scale,
      mapped(choiceIds(question), (id) => (ids.includes(id) ? TRUE : FALSE))
    );

  function subsets(question) {
    const ids = question.choices.map(({ id }) => id);
    const sets = Array.from({ length: 2 ** ids.length }, (_, n) =>
      ids.filter((_, bit) => n & (1 << (ids.length - 1 - bit)))
    );
    return question.none_of_these ? [...sets, [NONE_OF_THESE]] : sets;
  }

  /** Any set of choices. */
  const anyChoices = (question, scale) =>
    ofChoices(
      question,
      scale,
      mapped(choiceIds(question), () => TRUE | FALSE)
    );

  // The outcomes of the values that a question of each kind can be given.
  const valuesOf = {
    one: (question, scale) => [
      ...scale.answers.map(({ id }) => ofAnswer(question, scale, id)),
      ...(question.unknown ? [ofUnknown(question, scale)] : []),
    ],
    many: (question, scale) => subsets(question).map((ids) => picked(question, scale, ids)),
    number: ({ min = -Infinity, max = Infinity }) => [{ ...GIVEN, number: [min, max, false] }],
    text: () => [GIVEN],
  };

  function once(make) {
    let value;
    return () => (value = value || make());
  }

  /** The outcomes that are offered on an open question: how many, each, and all at once. */
  function optionsOf(question, scale) {
    const { kind = 'one', choices, none_of_these: none } = question;
    const absences = question.na ? [NOT_APPLICABLE] : [];
    const each = once(() => [...valuesOf[kind](question, scale), ...absences]);
    // of many choices without trying each set of them
    const parts = () => (kind === 'many' ? [anyChoices(question, scale), ...absences] : each());
    const size =
      kind === 'number'
        ? Infinity
        : kind === 'many'
          ? 2 ** choices.length + (none ? 1 : 0) + absences.length
          : each().length;
    return { size, each, all: once(() => either(parts())) };
  }

  /** The outcome of an answer that can be. */
  function outcome(question, scale, answer) {
    if (typeof answer === 'object' && !Array.isArray(answer))
      return 'na' in answer ? NOT_APPLICABLE : ofUnknown(question, scale);
    if (Array.isArray(answer)) return picked(question, scale, answer);
    if (typeof answer === 'number') return { ...GIVEN, number: point(answer) };
    return question.kind === 'text' ? GIVEN : ofAnswer(question, scale, answer);
  }

  window.playbook.outcomes = {
    ABSENT,
    NONE_OF_THESE,
    choiceIds,
    either,
    union,
    point,
    optionsOf,
    outcome,
  };
})();
