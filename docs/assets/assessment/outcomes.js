// What each question of a reading can still come to. The twin of macros/outcomes.py, which says more.
'use strict';

(() => {
  const { TRUE, FALSE, NOTHING, evaluate, condition, element, joined, sum, ratio } = window.playbook.expressions;
  const NONE_OF_THESE = 'none_of_these';
  const SETS = ['met', 'answered', 'unknown', 'na', 'counts'];
  const RANGES = ['points', 'possible', 'number'];

  // One state of a question: its answers, of which '' is none at all; ranges; sets of TRUE and FALSE.
  const ABSENT = {
    answers: [''], points: NOTHING, possible: NOTHING, number: NOTHING, chosen: null,
    met: FALSE, answered: FALSE, unknown: FALSE, na: FALSE, counts: FALSE,
  };
  const NOT_APPLICABLE = { ...ABSENT, na: TRUE };
  const LEFT_OUT = { ...ABSENT, met: TRUE, unknown: TRUE };
  const GIVEN = { ...ABSENT, met: TRUE, answered: TRUE, counts: TRUE };

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
    all.chosen = known.length ? mapped(Object.keys(known[0]), (id) => union(known.map((one) => one[id])) | missing) : null;
    return all;
  }

  const mapped = (ids, value) => Object.fromEntries(ids.map((id) => [id, value(id)]));

  // --- options -----------------------------------------------------------------------------

  const pointsOf = (question, answer) => question.points?.[answer.id] ?? answer.points;

  const allPoints = (question, scale) => (scale ? scale.answers.map((answer) => pointsOf(question, answer))
    : (question.choices || []).map(({ points }) => points)).filter((points) => points !== undefined);
  const hasPoints = (question, scale) => allPoints(question, scale).length > 0;

  /** A question's possible points: its highest answer, or all choices that add some. */
  function mostPoints(question, scale) {
    const known = allPoints(question, scale);
    if (!known.length) return undefined;
    return scale ? Math.max(...known) : known.reduce((total, points) => total + Math.max(points, 0), 0);
  }

  function ofAnswer(question, scale, id) {
    const points = pointsOf(question, scale.answers.find((answer) => answer.id === id));
    const possible = points === undefined ? NOTHING : point(mostPoints(question, scale));
    return { ...GIVEN, answers: [id], points: point(points), possible };
  }

  function ofUnknown(question, scale) {
    if (question.unknown === 'excluded') return LEFT_OUT;
    return { ...ofAnswer(question, scale, question.unknown), answered: FALSE, unknown: TRUE };
  }

  const choiceIds = ({ choices, none_of_these: none }) => [...choices.map(({ id }) => id), ...(none ? [NONE_OF_THESE] : [])];

  /** Choices that are set, not set, or either; with the answers that a rating can give them. */
  function ofChoices(question, scale, chosen) {
    if (question.rating) return either(rated(question, scale, chosen).map((one) => ({ ...one, chosen })));
    let low = 0, high = 0;
    for (const { id, points = 0 } of question.choices) {
      if (chosen[id] === TRUE) [low, high] = [low + points, high + points];
      else if (chosen[id] & TRUE) [low, high] = [low + Math.min(points, 0), high + Math.max(points, 0)];
    }
    const most = mostPoints(question);
    return { ...GIVEN, points: most === undefined ? NOTHING : [low + 0, high + 0, false], possible: point(most), chosen };
  }

  function rated(question, scale, chosen) {
    const found = [], state = { find: (tree) => chosen[tree[2]] };
    for (const rule of question.rating.rules) {
      const holds = rule.when === undefined ? TRUE : condition(rule.when, state);
      if (holds & TRUE) found.push(ofAnswer(question, scale, rule.is));
      if (holds === TRUE) break;
    }
    return found;
  }

  const picked = (question, scale, ids) => ofChoices(question, scale,
    mapped(choiceIds(question), (id) => (ids.includes(id) ? TRUE : FALSE)));

  function subsets(question) {
    const ids = question.choices.map(({ id }) => id);
    const sets = Array.from({ length: 2 ** ids.length }, (_, n) => ids.filter((_, bit) => n & (1 << (ids.length - 1 - bit))));
    return question.none_of_these ? [...sets, [NONE_OF_THESE]] : sets;
  }

  /** The outcomes that are offered on an open question: how many, each, and all at once. */
  function optionsOf(question, scale) {
    const { kind = 'one', min = -Infinity, max = Infinity } = question;
    const rest = question.na ? [NOT_APPLICABLE] : [];
    const once = (make) => { let made; return () => (made = made || make()); };
    const own = {
      one: () => [...scale.answers.map(({ id }) => ofAnswer(question, scale, id)), ...(question.unknown ? [ofUnknown(question, scale)] : [])],
      many: () => subsets(question).map((ids) => picked(question, scale, ids)),
      number: () => [{ ...GIVEN, number: [min, max, false] }],
      text: () => [GIVEN],
    }[kind];
    const each = once(() => [...own(), ...rest]);
    const any = () => ofChoices(question, scale, mapped(choiceIds(question), () => TRUE | FALSE));
    const size = kind === 'number' ? Infinity
      : kind === 'many' ? 2 ** question.choices.length + (question.none_of_these ? 1 : 0) + rest.length : each().length;
    return { size, each, all: once(() => either(kind === 'many' ? [any(), ...rest] : each())) };
  }

  /** The outcome of an answer that can be. */
  function outcome(question, scale, answer) {
    if (typeof answer === 'object' && !Array.isArray(answer)) return 'na' in answer ? NOT_APPLICABLE : ofUnknown(question, scale);
    if (Array.isArray(answer)) return picked(question, scale, answer);
    if (typeof answer === 'number') return { ...GIVEN, number: point(answer) };
    return question.kind === 'text' ? GIVEN : ofAnswer(question, scale, answer);
  }

  // --- forms and states --------------------------------------------------------------------

  const forms = new WeakMap();

  /** An assessment as readings are scored by it, made once. */
  function formOf(assessment) {
    if (!forms.has(assessment)) forms.set(assessment, makeForm(assessment));
    return forms.get(assessment);
  }

  function makeForm(assessment) {
    const { questions, sections, measures, verdicts } = assessment;
    const byId = (list, value) => new Map(list.map((one) => [one.id, value(one)]));
    const scaleOf = (one) => ((one.kind || 'one') === 'one' ? assessment.scales[one.scale || 0] : one.rating && assessment.scales[one.rating.scale]);
    const form = {
      assessment,
      questions: byId(questions, (one) => one),
      scales: byId(questions, scaleOf),
      options: byId(questions, (one) => optionsOf(one, scaleOf(one))),
      scopes: new Map([...byId(questions, ({ id }) => [id]), ...byId(sections, (one) => one.questions), ['', questions.map(({ id }) => id)]]),
      sectionShows: byId(sections, ({ show = true }) => show),
      measures: byId(measures, ({ value }) => value),
    };
    const known = new Map();
    form.depends = (tree) => {
      if (!Array.isArray(tree)) return [];
      if (!known.has(tree)) known.set(tree, askedBy(form, tree));
      return known.get(tree);
    };
    let index;
    form.affected = (id) => (index = index || indexed(form)).get(id);
    form.verdictQuestions = askedBy(form, ['and', ...verdicts.map(({ when }) => when)]);
    return form;
  }

  /** The questions that a node itself asks for. */
  function asked(form, [name, first, second]) {
    const those = (scope, matters) => form.scopes.get(scope).filter((id) => matters(form.questions.get(id), form.scales.get(id)));
    if (name === 'count') return those(second, (_, scale) => scale?.answers.some(({ id }) => id === first));
    if (name === 'points' || name === 'possible' || name === 'percent') return those(first, (one, scale) => hasPoints(one, scale));
    if (name === 'unknown' || name === 'na') return those(first, (one) => one[name]);
    if (name === 'lookup') return [first, second];
    if (name === 'met') return form.questions.has(first) ? [first] : [];
    if (name === 'measure') return [];
    return finders[name] ? form.scopes.get(first) : [];
  }

  /** The questions that a tree's value depends on, through measures and `show` too, in the order of the form. */
  function askedBy(form, tree) {
    const found = new Set(), seen = new Set(), waiting = [tree];
    while (waiting.length) {
      const part = waiting.pop();
      if (!Array.isArray(part) || Array.isArray(part[0])) continue; // a number, or the table of a lookup
      waiting.push(...part.slice(1));
      if (part[0] === 'measure' && !seen.has(part[1])) waiting.push(form.measures.get(part[1]));
      if (part[0] === 'measure') seen.add(part[1]);
      if (part[0] === 'met') waiting.push(form.sectionShows.get(part[1]));
      for (const id of asked(form, part)) {
        if (!found.has(id)) waiting.push(form.questions.get(id).show);
        found.add(id);
      }
    }
    return [...form.questions.keys()].filter((id) => found.has(id));
  }

  /** What a state keeps that depends on each question: outcomes, measures, and elements of aggregates. */
  function indexed(form) {
    const found = new Map([...form.questions.keys()].map((id) => [id, [id]]));
    const add = (key, tree) => form.depends(tree).forEach((id) => found.get(id).push(key));
    const elements = (tree) => {
      if (!Array.isArray(tree)) return;
      if (tree[0] === 'each') add(tree, tree);
      tree.forEach(elements);
    };
    const rules = (list, key) => [...list].map((one) => one[key]);
    const { questions, sections, verdicts, warnings } = form.assessment;
    for (const { id, show } of questions) add(id, show);
    for (const [id, tree] of form.measures) add(id, tree);
    [...form.measures.values(), ...rules([...questions, ...sections], 'show'), ...rules([...verdicts, ...warnings], 'when')].forEach(elements);
    return found;
  }

  const truth = (set) => (set & TRUE) | (set & ~TRUE ? FALSE : 0);

  /**
   * What a reading says so far: an outcome for every question that is settled, all options for the others.
   * What is worked out is kept until `trying` settles a question that it depends on.
   */
  function makeState(form, settled) {
    const kept = new Map(); // by question, by measure, by element of an aggregate
    const keep = (key, make) => {
      if (!kept.has(key)) kept.set(key, make(key));
      return kept.get(key);
    };

    /** Settles a question by one option after the other, and calls `visit` while it is. */
    function trying(id, options, visit) {
      const keys = form.affected(id), before = keys.map((key) => kept.get(key)), own = settled.get(id);
      const forget = () => keys.forEach((key) => kept.delete(key));
      for (const option of options) {
        forget();
        settled.set(id, option);
        visit(option);
      }
      forget();
      if (own) settled.set(id, own); else settled.delete(id);
      keys.forEach((key, n) => before[n] !== undefined && kept.set(key, before[n]));
    }

    function shown(id) {
      const { show } = form.questions.get(id);
      return show === undefined ? TRUE : truth(condition(show, state));
    }

    function find(id) {
      const set = shown(id);
      const own = () => settled.get(id) || (form.questions.get(id).required === false ? ABSENT : form.options.get(id).all());
      return set === FALSE ? ABSENT : set === TRUE ? own() : either([own(), ABSENT]);
    }

    // Open is what a completion still has to answer, as far as it can be shown.
    const isOpen = (id) => !settled.has(id) && form.questions.get(id).required !== false && (shown(id) & TRUE);
    const outcome = (id) => keep(id, find);
    const state = {
      form, trying, shown, outcome,
      outcomes: (scope) => form.scopes.get(scope).map(outcome),
      open: (depends) => depends.filter(isOpen),
      nextOpen: (depends) => depends.find(isOpen),
      measure: (id) => keep(id, () => evaluate(form.measures.get(id), state)),
      part: (each) => keep(each, () => element(each, state)),
      find: ([name, ...parts]) => finders[name](state, ...parts),
    };
    return state;
  }

  const howMany = (name) => (state, scope) => {
    const found = state.outcomes(scope).map((one) => one[name]);
    return [found.filter((set) => set === TRUE).length, found.filter((set) => set & TRUE).length, false];
  };

  const total = (name) => (state, scope) => {
    if (state.form.questions.has(scope)) return state.outcome(scope)[name];
    const found = state.outcomes(scope).map((one) => one[name]).filter((one) => one[0] <= one[1]);
    return sum(found.map((value) => ({ sure: !value[2], value })));
  };

  const positions = (state, id) => state.outcome(id).answers.map((answer) => (answer &&
    state.form.scales.get(id).answers.findIndex((one) => one.id === answer)));

  const finders = {
    measure: (state, id) => state.measure(id),
    is: (state, id, ...answers) => union(state.outcome(id).answers.map((answer) => (answers.includes(answer) ? TRUE : FALSE))),
    met: (state, id) => (state.form.questions.has(id) ? state.outcome(id).met : truth(condition(state.form.sectionShows.get(id), state))),
    chosen: (state, id, choice) => state.outcome(id).chosen?.[choice] ?? FALSE,
    number: (state, id) => state.outcome(id).number,
    value: (state, id, name) => joined(state.outcome(id).answers.map((answer) =>
      point(state.form.scales.get(id).answers.find((one) => one.id === answer)?.values?.[name]))),
    lookup: (state, row, column, table) => joined(positions(state, row).flatMap((r) => positions(state, column).map((c) =>
      (r === '' || c === '' ? NOTHING : point(table[r][c]))))),
    count: (state, answer, scope) => {
      const found = state.outcomes(scope).map((one) => one.answers).filter((answers) => answers.includes(answer));
      return [found.filter((answers) => answers.length === 1).length, found.length, false];
    },
    answered: howMany('answered'), unknown: howMany('unknown'), na: howMany('na'),
    points: total('points'), possible: total('possible'),
    percent: (state, scope) => ratio(state.outcomes(scope).filter(({ points }) => points[0] <= points[1])
      .map(({ points, possible }) => ({ sure: !points[2], value: points, weight: possible[0] })), 100),
  };

  window.playbook.outcomes = { formOf, makeState, outcome };
})();
