// Answers in, result out. The twin of macros/engine/score.py: the same fields, the same order, the
// same values.
'use strict';

(() => {
  const { TRUE, FALSE, NONE, NOTHING, evaluate, condition } = window.playbook.evaluate;
  const { outcome } = window.playbook.outcomes;
  const { scoringModel, makeState } = window.playbook.state;
  const { accept, isUnknown } = window.playbook.answers;
  const MOST_COMPLETIONS = 20000;
  const MOST_EVALUATIONS = 20000;
  const COUNTED_BY = {
    answered: 'answered',
    unknown: 'unknown',
    na: 'na',
    points: 'counts',
    possible: 'counts',
    percent: 'counts',
  };
  const BITS = [TRUE, FALSE, NONE];

  const idsOf = (items) => items.map(({ id }) => id);
  const literal = (bit) => (bit === NONE ? null : bit === TRUE);
  const single = (set) => BITS.filter((bit) => set & bit);

  function counts(model, state) {
    /** @type {Named<number>} */
    const numbers = {};
    for (const scale of model.scales.values())
      for (const { id } of scale?.answers || []) numbers[id] = 0;
    for (const id of model.questions.keys()) {
      const { answers } = state.outcome(id);
      if (answers.length === 1 && answers[0]) numbers[answers[0]] += 1;
    }
    return numbers;
  }

  function coverage(model, answers, state) {
    const total = { answered: 0, unknown: 0, na: 0, open: 0 };
    const sections = {};
    for (const section of model.assessment.sections) {
      const numbers = (sections[section.id] = { answered: 0, unknown: 0, na: 0, open: 0 });
      for (const id of section.questions.filter((question) => state.shown(question) & TRUE)) {
        const name = stateOf(answers.get(id));
        numbers[name] += 1;
        total[name] += 1;
      }
    }
    return Object.keys(sections).join() ? { ...total, sections } : total;
  }

  function stateOf(answer) {
    if (answer === undefined) return 'open';
    if (typeof answer !== 'object' || Array.isArray(answer)) return 'answered';
    return isUnknown(answer) ? 'unknown' : 'na';
  }

  // --- what can still be ---------------------------------------------------------------------

  const completions = (model, depends, state) =>
    state.open(depends).reduce((product, id) => product * model.options.get(id).size, 1);
  const within = (model, depends, state) => completions(model, depends, state) <= MOST_COMPLETIONS;

  /** What steps come to, taken without a rest. */
  function allOf(steps) {
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value;
  }

  /**
   * All that `decide` comes to over every completion: branch on open questions, leave out settled
   * branches. Yields before each step, so that a page can rest in between.
   */
  function* possible(decide, state, depends) {
    const results = new Set(['']); // a completion in which nothing counts is not looked for
    const branches = [];
    const visit = () => {
      const branch = decide();
      if (branch.length === 1) results.add(branch[0]);
      if (branch.every((value) => results.has(value))) return;
      const id = state.nextOpen(depends);
      branches.push(state.withEachOption(id, state.model.options.get(id).each()));
    };
    visit();
    while (branches.length) {
      yield;
      if (branches[branches.length - 1].next().done) branches.pop();
      else visit();
    }
    return results;
  }

  /**
   * The verdicts that cannot be ruled out, up to the first that surely holds; '' where nothing may
   * count at all.
   */
  function candidates(model, state) {
    const depends = model.verdictQuestions;
    const ids = [];
    if (depends.length && !depends.some((id) => state.outcome(id).counts === TRUE)) {
      ids.push('');
      if (depends.every((id) => state.outcome(id).counts === FALSE)) return ids;
    }
    for (const { id, when } of model.assessment.verdicts) {
      const value = when === undefined ? TRUE : condition(when, state);
      if (value & TRUE) ids.push(id);
      if (value === TRUE) break;
    }
    return ids;
  }

  /** The verdicts that are left without trying completions: all that can be, and maybe more. */
  const bounded = (model, state) => candidates(model, state).filter(Boolean);

  function* possibleVerdicts(model, state) {
    const decide = () => candidates(model, state);
    if (!within(model, model.verdictQuestions, state)) return [bounded(model, state), false];
    const ids = yield* possible(decide, state, model.verdictQuestions);
    return [idsOf(model.assessment.verdicts).filter((id) => ids.has(id)), true];
  }

  /** What a condition comes to over every completion: TRUE, FALSE, NONE. */
  function values(model, tree, state) {
    const decide = () => single(condition(tree, state));
    const bits = decide();
    const depends = model.depends(tree);
    if (bits.length === 1 || !within(model, depends, state)) return bits;
    const results = allOf(possible(decide, state, depends));
    return BITS.filter((bit) => results.has(bit));
  }

  // --- measures ------------------------------------------------------------------------------

  const plain = (number) => (Number.isFinite(number) ? number : null);

  /** The one value that is left, if there is one. */
  function certain(value) {
    if (!Array.isArray(value)) return BITS.includes(value) ? { value: literal(value) } : null;
    const [low, high, none] = value;
    return low > high ? { value: null } : low === high && !none ? { value: low } : null;
  }

  function measured(model, id, state) {
    const value = state.measure(id);
    const tree = model.measures.get(id);
    const result = certain(value);
    if (result) return result;
    const exact = within(model, model.depends(tree), state);
    if (!Array.isArray(value)) {
      const literals = values(model, tree, state).map(literal);
      return literals.length === 1 ? { value: literals[0] } : { possible: literals, exact };
    }
    const range = exact ? attained(model, tree, state) : value;
    const [low, high, none] = range;
    return certain(range) || { range: [plain(low), plain(high)], maybe_none: none, exact };
  }

  /** The least and the highest value over every completion, and whether there can be none. */
  function attained(model, tree, state) {
    const bounds = (key, start) => least(model, tree, state, key, start);
    return [
      bounds((value) => value[0], Infinity),
      -bounds((value) => -value[1], Infinity) + 0,
      bounds((value) => (value[2] ? 0 : 1), 1) === 0,
    ];
  }

  /** The least that a key comes to, of a value and so of all values within it. */
  function least(model, tree, state, key, start) {
    const depends = model.depends(tree);
    const keyOfTree = () => {
      const value = evaluate(tree, state);
      return key(Array.isArray(value) ? value : NOTHING);
    };
    let best = start;
    const visit = (bound) => {
      if (bound >= best) return;
      const id = state.nextOpen(depends);
      if (id === undefined) {
        best = bound;
        return;
      }
      const options = model.options.get(id).each();
      const keys = new Map();
      for (const option of state.withEachOption(id, options)) keys.set(option, keyOfTree());
      // The least first, so that others are soon ruled out.
      const order = [...options].sort((a, b) => keys.get(a) - keys.get(b));
      for (const option of state.withEachOption(id, order)) visit(keys.get(option));
    };
    visit(keyOfTree());
    return best;
  }

  function bySection(assessment, measures) {
    const results = {};
    for (const { id, name, section } of assessment.measures) {
      if (section === undefined) results[name] = measures[id];
      else (results[name] = results[name] || { sections: {} }).sections[section] = measures[id];
    }
    return results;
  }

  function valueless(model, measures, state) {
    const isNone = (tree) =>
      condition(tree, state) & NONE && values(model, tree, state).join() === String(NONE);
    const rules = [...model.assessment.verdicts, ...model.assessment.warnings];
    const without = rules.filter(({ when }) => when !== undefined && isNone(when));
    return [
      ...Object.keys(measures).filter((id) => measures[id].value === null),
      ...idsOf(without),
    ];
  }

  // --- why, and how far to the next ----------------------------------------------------------

  /**
   * The ids of the questions and measures in the parts of a tree that are true, or under `not`
   * those that are false.
   */
  function reasons(tree, state, result = TRUE) {
    if (!Array.isArray(tree)) return [];
    const [name, ...parts] = tree;
    const inAll = (trees, bit = TRUE) => trees.flatMap((part) => reasons(part, state, bit));
    const asked = (scope, holds) =>
      state.model.scopes.get(scope).filter((id) => holds(state.outcome(id)));
    if (name === 'not') return inAll(parts, result === TRUE ? FALSE : TRUE);
    if (name === 'and' || name === 'or')
      return inAll(
        parts.filter((part) => condition(part, state) === result),
        result
      );
    if (name === 'each') return state.part(tree) ? inAll(parts) : [];
    if (name === 'any' || name === 'all')
      return deciding(tree, state, result).flatMap(([, holds, value]) => [
        ...reasons(holds, state),
        ...reasons(value, state, result),
      ]);
    if (name === 'if') {
      const [test, thenPart, elsePart] = parts;
      const isTrue = condition(test, state) === TRUE;
      return [
        ...reasons(test, state, isTrue ? TRUE : FALSE),
        ...reasons(isTrue ? thenPart : elsePart, state, result),
      ];
    }
    if (name === 'count')
      return asked(parts[1], ({ answers }) => answers.length === 1 && answers[0] === parts[0]);
    if (COUNTED_BY[name]) return asked(parts[0], (one) => one[COUNTED_BY[name]] === TRUE);
    if (['is', 'chosen', 'number', 'value', 'measure'].includes(name)) return [parts[0]];
    if (name === 'lookup') return parts.slice(0, 2);
    return name === 'applies' ? [] : inAll(parts);
  }

  /**
   * The elements by which an `any` or `all` comes to a result: where `all` is true, each of them;
   * else those that come to it themselves.
   */
  function deciding(tree, state, result) {
    const [name, ...elements] = tree;
    if (name === 'all' && result === TRUE) return elements;
    return elements.filter((each) => {
      const part = state.part(each);
      return part && part.sure && part.value === result;
    });
  }

  function why(model, verdict, measures, state) {
    const rule = model.assessment.verdicts.find(({ id }) => id === verdict)?.when;
    const ids = new Set(reasons(rule, state));
    const values = {};
    for (const [id, result] of Object.entries(measures))
      if (ids.has(id) && 'value' in result) values[id] = result.value;
    return { questions: [...model.questions.keys()].filter((id) => ids.has(id)), measures: values };
  }

  const settledBy = (model, answers) =>
    new Map(
      [...answers].map(([id, answer]) => [
        id,
        outcome(model.questions.get(id), model.scales.get(id), answer),
      ])
    );

  /**
   * The smallest changes of given answers that make another verdict certain, in the order of the
   * questions. Where all changes times all completions are more than can be tried, a verdict is
   * certain that its bounds leave alone. Yields nothing where a change does not, and before each
   * step, so that a page can rest in between.
   */
  function* distances(model, answers, verdict) {
    const state = makeState(model, settledBy(model, answers));
    const alternatives = alternativesTo(model, answers, state);
    const open = completions(model, model.verdictQuestions, state);
    const singles = alternatives.flat();
    const pairs =
      (singles.length ** 2 - alternatives.reduce((sum, { length }) => sum + length ** 2, 0)) / 2;
    let hasAny = false;
    let exact = singles.length * open <= MOST_EVALUATIONS;

    /** The verdict that alone is left once these answers are changed, if it is another one. */
    function* tipped(changes) {
      const [change, ...nextChanges] = changes;
      if (!change) {
        const verdicts = exact ? (yield* possibleVerdicts(model, state))[0] : bounded(model, state);
        return verdicts.length === 1 && verdicts[0] !== verdict ? verdicts[0] : null;
      }
      let tips = null;
      const [id, answer] = change;
      const settled = [outcome(model.questions.get(id), model.scales.get(id), answer)];
      for (const _ of state.withEachOption(id, settled)) tips = yield* tipped(nextChanges);
      return tips;
    }

    function* step(...changes) {
      const tips = yield* tipped(changes);
      hasAny = hasAny || tips !== null;
      yield tips === null ? null : { changes: Object.fromEntries(changes), verdict: tips };
    }

    for (const change of singles) yield* step(change);
    if (hasAny || pairs > MOST_EVALUATIONS) return;
    exact = pairs * open <= MOST_EVALUATIONS;
    for (const [n, group] of alternatives.entries()) {
      for (const nextGroup of alternatives.slice(n + 1))
        for (const first of group) for (const second of nextGroup) yield* step(first, second);
    }
  }

  /** Of each question whose answer can be changed, what it can be changed to. */
  function alternativesTo(model, answers, state) {
    const isOne = (id) => (model.questions.get(id).kind || 'one') === 'one';
    return model.verdictQuestions
      .filter((id) => answers.has(id) && state.shown(id) === TRUE && isOne(id))
      .map((id) =>
        idsOf(model.scales.get(id).answers)
          .filter((answer) => answer !== answers.get(id))
          .map((answer) => [id, answer])
      );
  }

  /**
   * The result of a reading.
   * @param {Assessment} assessment as embedded in the page
   * @param {{answers?: *}} reading
   * @param {boolean} [far] whether to work out the distance to the next verdict as well; see
   *   `distance`
   * @returns {Result} the fields of macros/engine/score.py's `score`
   */
  function score(assessment, reading, far = true) {
    const model = scoringModel(assessment);
    const [answers, problems] = accept(model, reading.answers === undefined ? {} : reading.answers);
    const state = makeState(model, settledBy(model, answers));
    const [verdicts, exact] = allOf(possibleVerdicts(model, state));
    const verdict = verdicts.length === 1 ? verdicts[0] : null;
    const measures = Object.fromEntries(
      [...model.measures.keys()].map((id) => [id, measured(model, id, state)])
    );
    return {
      assessment: assessment.id,
      version: assessment.version,
      verdict,
      possible: verdicts,
      exact: exact || verdict !== null,
      measures: bySection(assessment, measures),
      counts: counts(model, state),
      coverage: coverage(model, answers, state),
      warnings: idsOf(
        assessment.warnings.filter(({ when }) => values(model, when, state).join() === String(TRUE))
      ),
      valueless: valueless(model, measures, state),
      why: why(model, verdict, measures, state),
      distance:
        far && verdict !== null ? [...distances(model, answers, verdict)].filter(Boolean) : [],
      problems,
    };
  }

  /** The verdict of a reading alone, one step at a time; null while another is possible too. */
  score.verdict = function* (assessment, reading) {
    const model = scoringModel(assessment);
    const state = makeState(model, settledBy(model, accept(model, reading.answers)[0]));
    const [verdicts] = yield* possibleVerdicts(model, state);
    return verdicts.length === 1 ? verdicts[0] : null;
  };

  /**
   * The distance of a reading whose verdict is certain, one step at a time: a change that tips it,
   * or nothing.
   */
  score.distance = (assessment, reading, verdict) => {
    const model = scoringModel(assessment);
    return distances(model, accept(model, reading.answers)[0], verdict);
  };

  /** The ids of the questions that are shown, or can be. */
  score.shown = (assessment, reading) => {
    const model = scoringModel(assessment);
    const state = makeState(model, settledBy(model, accept(model, reading.answers)[0]));
    return [...model.questions.keys()].filter((id) => state.shown(id) & TRUE);
  };

  window.playbook.score = score;
})();
