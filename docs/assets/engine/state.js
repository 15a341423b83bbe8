// What a reading says so far, and what expressions find in it. The twin of macros/engine/state.py,
// which says more.
'use strict';

(() => {
  const { TRUE, FALSE, NOTHING, evaluate, condition, element, joined, sum, ratio } =
    window.playbook.evaluate;
  const { ABSENT, either, union, point, optionsOf } = window.playbook.outcomes;
  const POINTS = ['points', 'possible', 'percent'];

  const models = new WeakMap();

  /** An assessment as readings are scored by it, made once. */
  function scoringModel(assessment) {
    if (!models.has(assessment)) models.set(assessment, makeScoringModel(assessment));
    return models.get(assessment);
  }

  function makeScoringModel(assessment) {
    const { questions, sections, measures, verdicts } = assessment;
    const byId = (items, value) => new Map(items.map((item) => [item.id, value(item)]));
    const scales = byId(questions, (question) => scaleOf(assessment, question));
    const model = {
      assessment,
      questions: byId(questions, (question) => question),
      scales,
      options: byId(questions, (question) => optionsOf(question, scales.get(question.id))),
      scopes: new Map([
        ...byId(questions, ({ id }) => [id]),
        ...byId(sections, (section) => section.questions),
        ['', questions.map(({ id }) => id)],
      ]),
      sectionShows: byId(sections, ({ show = true }) => show),
      measures: byId(measures, ({ value }) => value),
    };
    const dependencies = new Map();
    model.depends = (tree) => {
      if (!Array.isArray(tree)) return [];
      if (!dependencies.has(tree)) dependencies.set(tree, askedBy(model, tree));
      return dependencies.get(tree);
    };
    let index;
    model.affected = (id) => (index = index || indexed(model)).get(id);
    model.verdictQuestions = askedBy(model, ['and', ...verdicts.map(({ when }) => when)]);
    return model;
  }

  /** The scale of a question's answers, or of its rating. */
  function scaleOf({ scales }, { kind = 'one', scale = 0, rating }) {
    return kind === 'one' ? scales[scale] : rating && scales[rating.scale];
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
    if (name === 'unknown' || name === 'na') return those(first, (question) => question[name]);
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
    const questions = new Set();
    const visited = new Set();
    const waiting = [tree];
    while (waiting.length) {
      const part = waiting.pop();
      // a number, or the table of a lookup
      if (!Array.isArray(part) || Array.isArray(part[0])) continue;
      waiting.push(...part.slice(1));
      if ((part[0] === 'measure' || part[0] === 'applies') && !visited.has(part[1])) {
        visited.add(part[1]);
        waiting.push(model.measures.get(part[1]), model.sectionShows.get(part[1]));
      }
      for (const id of asked(model, part)) {
        if (!questions.has(id)) waiting.push(model.questions.get(id).show);
        questions.add(id);
      }
    }
    return [...model.questions.keys()].filter((id) => questions.has(id));
  }

  /**
   * What a state keeps that depends on each question: outcomes, measures, and elements of
   * aggregates.
   */
  function indexed(model) {
    const keys = new Map([...model.questions.keys()].map((id) => [id, [id]]));
    const add = (key, tree) => model.depends(tree).forEach((id) => keys.get(id).push(key));
    const elements = (tree) => {
      if (!Array.isArray(tree)) return;
      if (tree[0] === 'each') add(tree, tree);
      tree.forEach(elements);
    };
    const rules = (items, name) => items.map((item) => item[name]);
    const { questions, sections, verdicts, warnings } = model.assessment;
    for (const { id, show } of questions) add(id, show);
    for (const [id, tree] of model.measures) add(id, tree);
    [
      ...model.measures.values(),
      ...rules([...questions, ...sections], 'show'),
      ...rules([...verdicts, ...warnings], 'when'),
    ].forEach(elements);
    return keys;
  }

  const truth = (set) => (set & TRUE) | (set & ~TRUE ? FALSE : 0);

  /**
   * What a reading says so far: an outcome for every question that is settled, all options for the
   * others. What is worked out is kept until `withEachOption` settles a question that it depends
   * on.
   */
  function makeState(model, settled) {
    const values = new Map(); // by question, by measure, by element of an aggregate
    const keep = (key, make) => {
      if (!values.has(key)) values.set(key, make(key));
      return values.get(key);
    };

    /** Settles a question by one option after the other; gives each while it is. */
    function* withEachOption(id, options) {
      const keys = model.affected(id);
      const before = keys.map((key) => values.get(key));
      const outcomeBefore = settled.get(id);
      const forget = () => keys.forEach((key) => values.delete(key));
      for (const option of options) {
        forget();
        settled.set(id, option);
        yield option;
      }
      forget();
      if (outcomeBefore) settled.set(id, outcomeBefore);
      else settled.delete(id);
      keys.forEach((key, n) => before[n] !== undefined && values.set(key, before[n]));
    }

    function shown(id) {
      const { show } = model.questions.get(id);
      return show === undefined ? TRUE : truth(condition(show, state));
    }

    function find(id) {
      const set = shown(id);
      return set === FALSE ? ABSENT : set === TRUE ? unhidden(id) : either([unhidden(id), ABSENT]);
    }

    const unhidden = (id) =>
      settled.get(id) ||
      (model.questions.get(id).required === false ? ABSENT : model.options.get(id).all());

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
    const sets = state.outcomes(scope).map((outcome) => outcome[name]);
    return [
      sets.filter((set) => set === TRUE).length,
      sets.filter((set) => set & TRUE).length,
      false,
    ];
  };

  const total = (name) => (state, scope) => {
    if (state.model.questions.has(scope)) return state.outcome(scope)[name];
    const ranges = state.outcomes(scope).map((outcome) => outcome[name]);
    const values = ranges.filter((value) => value[0] <= value[1]);
    return sum(values.map((value) => ({ sure: !value[2], value })));
  };

  function positions(state, question) {
    const scale = state.model.scales.get(question);
    return state
      .outcome(question)
      .answers.map((answer) => answer && scale.answers.findIndex(({ id }) => id === answer));
  }

  /** The values that a scale gives to answers under a name. */
  function findValue(state, question, name) {
    const scale = state.model.scales.get(question);
    const valueOf = (answer) => scale.answers.find(({ id }) => id === answer)?.values?.[name];
    return joined(state.outcome(question).answers.map((answer) => point(valueOf(answer))));
  }

  function findLookup(state, row, column, table) {
    const values = [];
    for (const r of positions(state, row)) {
      for (const c of positions(state, column))
        values.push(r === '' || c === '' ? NOTHING : point(table[r][c]));
    }
    return joined(values);
  }

  function findCount(state, answer, scope) {
    const answers = state.outcomes(scope).map((outcome) => outcome.answers);
    const possible = answers.filter((ids) => ids.includes(answer));
    return [possible.filter((ids) => ids.length === 1).length, possible.length, false];
  }

  function findPercent(state, scope) {
    const outcomes = state.outcomes(scope).filter(({ points }) => points[0] <= points[1]);
    const parts = outcomes.map(({ points, possible }) => ({
      sure: !points[2],
      value: points,
      weight: possible[0],
    }));
    return ratio(parts, 100);
  }

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
    value: findValue,
    lookup: findLookup,
    count: findCount,
    answered: howMany('answered'),
    unknown: howMany('unknown'),
    na: howMany('na'),
    points: total('points'),
    possible: total('possible'),
    percent: findPercent,
  };

  window.playbook.state = { scoringModel, makeState };
})();
