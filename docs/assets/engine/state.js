// What a reading says so far, and what expressions find in it. The twin of macros/engine/state.py,
// which says more.
'use strict';

(() => {
  const { TRUE, FALSE, NOTHING, evaluate, condition, element, joined, sum, ratio } =
    window.playbook.evaluate;
  const { ABSENT, either, union, point, optionsOf } = window.playbook.outcomes;
  const POINTS = ['points', 'possible', 'percent'];

  const forms = new WeakMap();

  /** An assessment as readings are scored by it, made once. */
  function scoringModel(assessment) {
    if (!forms.has(assessment)) forms.set(assessment, makeScoringModel(assessment));
    return forms.get(assessment);
  }

  function makeScoringModel(assessment) {
    const { questions, sections, measures, verdicts } = assessment;
    const byId = (list, value) => new Map(list.map((one) => [one.id, value(one)]));
    const scaleOf = (one) =>
      (one.kind || 'one') === 'one'
        ? assessment.scales[one.scale || 0]
        : one.rating && assessment.scales[one.rating.scale];
    const model = {
      assessment,
      questions: byId(questions, (one) => one),
      scales: byId(questions, scaleOf),
      options: byId(questions, (one) => optionsOf(one, scaleOf(one))),
      scopes: new Map([
        ...byId(questions, ({ id }) => [id]),
        ...byId(sections, (one) => one.questions),
        ['', questions.map(({ id }) => id)],
      ]),
      sectionShows: byId(sections, ({ show = true }) => show),
      measures: byId(measures, ({ value }) => value),
    };
    const known = new Map();
    model.depends = (tree) => {
      if (!Array.isArray(tree)) return [];
      if (!known.has(tree)) known.set(tree, askedBy(model, tree));
      return known.get(tree);
    };
    let index;
    model.affected = (id) => (index = index || indexed(model)).get(id);
    model.verdictQuestions = askedBy(model, ['and', ...verdicts.map(({ when }) => when)]);
    return model;
  }

  /** The questions that a node itself asks for. */
  function asked(model, part) {
    const [name, first, second] = part;
    const those = (scope, matters) =>
      model.scopes
        .get(scope)
        .filter((id) => matters(model.questions.get(id), model.scales.get(id)));
    if (name === 'count')
      return those(second, (_, scale) => scale?.answers.some(({ id }) => id === first));
    if (POINTS.includes(name)) return those(first, ({ possible }) => possible !== undefined);
    if (name === 'unknown' || name === 'na') return those(first, (one) => one[name]);
    if (name === 'lookup') return [first, second];
    if (name === 'applies') return model.questions.has(first) ? [first] : [];
    if (name === 'measure') return [];
    return finders[name] ? model.scopes.get(first) : [];
  }

  /**
   * The questions that a tree's value depends on, through measures and `show` too, in the order of
   * the form.
   */
  function askedBy(model, tree) {
    const found = new Set();
    const seen = new Set();
    const waiting = [tree];
    while (waiting.length) {
      const part = waiting.pop();
      // a number, or the table of a lookup
      if (!Array.isArray(part) || Array.isArray(part[0])) continue;
      waiting.push(...part.slice(1));
      if ((part[0] === 'measure' || part[0] === 'applies') && !seen.has(part[1])) {
        seen.add(part[1]);
        waiting.push(model.measures.get(part[1]), model.sectionShows.get(part[1]));
      }
      for (const id of asked(model, part)) {
        if (!found.has(id)) waiting.push(model.questions.get(id).show);
        found.add(id);
      }
    }
    return [...model.questions.keys()].filter((id) => found.has(id));
  }

  /**
   * What a state keeps that depends on each question: outcomes, measures, and elements of
   * aggregates.
   */
  function indexed(model) {
    const found = new Map([...model.questions.keys()].map((id) => [id, [id]]));
    const add = (key, tree) => model.depends(tree).forEach((id) => found.get(id).push(key));
    const elements = (tree) => {
      if (!Array.isArray(tree)) return;
      if (tree[0] === 'each') add(tree, tree);
      tree.forEach(elements);
    };
    const rules = (list, key) => [...list].map((one) => one[key]);
    const { questions, sections, verdicts, warnings } = model.assessment;
    for (const { id, show } of questions) add(id, show);
    for (const [id, tree] of model.measures) add(id, tree);
    [
      ...model.measures.values(),
      ...rules([...questions, ...sections], 'show'),
      ...rules([...verdicts, ...warnings], 'when'),
    ].forEach(elements);
    return found;
  }

  const truth = (set) => (set & TRUE) | (set & ~TRUE ? FALSE : 0);

  /**
   * What a reading says so far: an outcome for every question that is settled, all options for the
   * others. What is worked out is kept until `withEachOption` settles a question that it depends
   * on.
   */
  function makeState(model, settled) {
    const kept = new Map(); // by question, by measure, by element of an aggregate
    const keep = (key, make) => {
      if (!kept.has(key)) kept.set(key, make(key));
      return kept.get(key);
    };

    /** Settles a question by one option after the other; gives each while it is. */
    function* withEachOption(id, options) {
      const keys = model.affected(id);
      const before = keys.map((key) => kept.get(key));
      const own = settled.get(id);
      const forget = () => keys.forEach((key) => kept.delete(key));
      for (const option of options) {
        forget();
        settled.set(id, option);
        yield option;
      }
      forget();
      if (own) settled.set(id, own);
      else settled.delete(id);
      keys.forEach((key, n) => before[n] !== undefined && kept.set(key, before[n]));
    }

    function shown(id) {
      const { show } = model.questions.get(id);
      return show === undefined ? TRUE : truth(condition(show, state));
    }

    function find(id) {
      const set = shown(id);
      const own = () =>
        settled.get(id) ||
        (model.questions.get(id).required === false ? ABSENT : model.options.get(id).all());
      return set === FALSE ? ABSENT : set === TRUE ? own() : either([own(), ABSENT]);
    }

    // Open is what a completion still has to answer, as far as it can be shown.
    const isOpen = (id) =>
      !settled.has(id) && model.questions.get(id).required !== false && shown(id) & TRUE;
    const outcome = (id) => keep(id, find);
    const state = {
      model,
      withEachOption,
      shown,
      outcome,
      outcomes: (scope) => model.scopes.get(scope).map(outcome),
      open: (depends) => depends.filter(isOpen),
      nextOpen: (depends) => depends.find(isOpen),
      measure: (id) => keep(id, () => evaluate(model.measures.get(id), state)),
      part: (each) => keep(each, () => element(each, state)),
      find: ([name, ...parts]) => finders[name](state, ...parts),
    };
    return state;
  }

  const howMany = (name) => (state, scope) => {
    const found = state.outcomes(scope).map((one) => one[name]);
    return [
      found.filter((set) => set === TRUE).length,
      found.filter((set) => set & TRUE).length,
      false,
    ];
  };

  const total = (name) => (state, scope) => {
    if (state.model.questions.has(scope)) return state.outcome(scope)[name];
    const found = state
      .outcomes(scope)
      .map((one) => one[name])
      .filter((one) => one[0] <= one[1]);
    return sum(found.map((value) => ({ sure: !value[2], value })));
  };

  const positions = (state, id) =>
    state
      .outcome(id)
      .answers.map(
        (answer) =>
          answer && state.model.scales.get(id).answers.findIndex((one) => one.id === answer)
      );

  const finders = {
    measure: (state, id) => state.measure(id),
    is: (state, id, ...answers) =>
      union(state.outcome(id).answers.map((answer) => (answers.includes(answer) ? TRUE : FALSE))),
    applies: (state, id) =>
      state.model.questions.has(id)
        ? state.outcome(id).applies
        : truth(condition(state.model.sectionShows.get(id), state)),
    chosen: (state, id, choice) => state.outcome(id).chosen?.[choice] ?? FALSE,
    number: (state, id) => state.outcome(id).number,
    value: (state, id, name) =>
      joined(
        state
          .outcome(id)
          .answers.map((answer) =>
            point(
              state.model.scales.get(id).answers.find((one) => one.id === answer)?.values?.[name]
            )
          )
      ),
    lookup: (state, row, column, table) =>
      joined(
        positions(state, row).flatMap((r) =>
          positions(state, column).map((c) => (r === '' || c === '' ? NOTHING : point(table[r][c])))
        )
      ),
    count: (state, answer, scope) => {
      const found = state
        .outcomes(scope)
        .map((one) => one.answers)
        .filter((answers) => answers.includes(answer));
      return [found.filter((answers) => answers.length === 1).length, found.length, false];
    },
    answered: howMany('answered'),
    unknown: howMany('unknown'),
    na: howMany('na'),
    points: total('points'),
    possible: total('possible'),
    percent: (state, scope) =>
      ratio(
        state
          .outcomes(scope)
          .filter(({ points }) => points[0] <= points[1])
          .map(({ points, possible }) => ({
            sure: !points[2],
            value: points,
            weight: possible[0],
          })),
        100
      ),
  };

  window.playbook.state = { scoringModel, makeState };
})();
