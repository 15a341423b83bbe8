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

  const union = (sets) => sets.reduce((all, one) => all | one, 0);
  const point = (number) => (number === undefined ? NOTHING : [number + 0, number + 0, false]);

  /** One outcome for all that any of these is. */
  function either(outcomes) {
    if (outcomes.length === 1) return outcomes[0];
    const all = { answers: [...new Set(outcomes.flatMap((one) => one.answers))] };
    for (const name of RANGES) all[name] = joined(outcomes.map((one) => one[name]));
    for (const name of SETS) all[name] = union(outcomes.map((one) => one[name]));
    const known = outcomes.map((one) => one.chosen).filter(Boolean);
    const missing = known.length < outcomes.length ? FALSE : 0;
    all.chosen = known.length
      ? mapped(Object.keys(known[0]), (id) => union(known.map((one) => one[id])) | missing)
      : null;
    return all;
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
      return either(rated(question, scale, chosen).map((one) => ({ ...one, chosen })));
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
    const found = [];
    const state = { find: (tree) => chosen[tree[2]] };
    for (const rule of question.rating.rules) {
      const holds = rule.when === undefined ? TRUE : condition(rule.when, state);
      if (holds & TRUE) found.push(ofAnswer(question, scale, rule.is));
      if (holds === TRUE) break;
    }
    return found;
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

  /** The outcomes that are offered on an open question: how many, each, and all at once. */
  function optionsOf(question, scale) {
    const { kind = 'one', min = -Infinity, max = Infinity } = question;
    const rest = question.na ? [NOT_APPLICABLE] : [];
    const once = (make) => {
      let made;
      return () => (made = made || make());
    };
    const own = {
      one: () => [
        ...scale.answers.map(({ id }) => ofAnswer(question, scale, id)),
        ...(question.unknown ? [ofUnknown(question, scale)] : []),
      ],
      many: () => subsets(question).map((ids) => picked(question, scale, ids)),
      number: () => [{ ...GIVEN, number: [min, max, false] }],
      text: () => [GIVEN],
    }[kind];
    const each = once(() => [...own(), ...rest]);
    const any = () =>
      ofChoices(
        question,
        scale,
        mapped(choiceIds(question), () => TRUE | FALSE)
      );
    const size =
      kind === 'number'
        ? Infinity
        : kind === 'many'
          ? 2 ** question.choices.length + (question.none_of_these ? 1 : 0) + rest.length
          : each().length;
    return { size, each, all: once(() => either(kind === 'many' ? [any(), ...rest] : each())) };
  }

  /** The outcome of an answer that can be. */
  function outcome(question, scale, answer) {
    if (typeof answer === 'object' && !Array.isArray(answer))
      return 'na' in answer ? NOT_APPLICABLE : ofUnknown(question, scale);
    if (Array.isArray(answer)) return picked(question, scale, answer);
    if (typeof answer === 'number') return { ...GIVEN, number: point(answer) };
    return question.kind === 'text' ? GIVEN : ofAnswer(question, scale, answer);
  }

  window.playbook.outcomes = { ABSENT, either, union, point, optionsOf, outcome };
})();
