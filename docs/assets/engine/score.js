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
  const SCOPED = {
    answered: 'answered',
    unknown: 'unknown',
    na: 'na',
    points: 'counts',
    possible: 'counts',
    percent: 'counts',
  };
  const BITS = [TRUE, FALSE, NONE];

  const ids = (list) => list.map(({ id }) => id);
  const literal = (bit) => (bit === NONE ? null : bit === TRUE);
  const single = (set) => BITS.filter((bit) => set & bit);

  function counts(model, state) {
    /** @type {Named<number>} */
    const found = {};
    for (const scale of model.scales.values())
      for (const { id } of scale?.answers || []) found[id] = 0;
    for (const id of model.questions.keys()) {
      const { answers } = state.outcome(id);
      if (answers.length === 1 && answers[0]) found[answers[0]] += 1;
    }
    return found;
  }

  function coverage(model, answers, state) {
    const total = { answered: 0, unknown: 0, na: 0, open: 0 };
    const sections = {};
    for (const section of model.assessment.sections) {
      const own = (sections[section.id] = { answered: 0, unknown: 0, na: 0, open: 0 });
      for (const id of section.questions.filter((one) => state.shown(one) & TRUE)) {
        const answer = answers.get(id);
        const isState = typeof answer === 'object' && !Array.isArray(answer);
        const part =
          answer === undefined
            ? 'open'
            : isUnknown(answer)
              ? 'unknown'
              : isState
                ? 'na'
                : 'answered';
        own[part] += 1;
        total[part] += 1;
      }
    }
    return Object.keys(sections).join() ? { ...total, sections } : total;
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
    const found = new Set(['']); // a completion in which nothing counts is not looked for
    const branches = [];
    const visit = () => {
      const seen = decide();
      if (seen.length === 1) found.add(seen[0]);
      if (seen.every((value) => found.has(value))) return;
      const id = state.nextOpen(depends);
      branches.push(state.withEachOption(id, state.model.options.get(id).each()));
    };
    visit();
    while (branches.length) {
      yield;
      if (branches[branches.length - 1].next().done) branches.pop();
      else visit();
    }
    return found;
  }

  /**
   * The verdicts that cannot be ruled out, up to the first that surely holds; '' where nothing may
   * count at all.
   */
  function candidates(model, state) {
    const depends = model.verdictQuestions;
    const found = [];
    if (depends.length && !depends.some((id) => state.outcome(id).counts === TRUE)) {
      found.push('');
      if (depends.every((id) => state.outcome(id).counts === FALSE)) return found;
    }
    for (const { id, when } of model.assessment.verdicts) {
      const value = when === undefined ? TRUE : condition(when, state);
      if (value & TRUE) found.push(id);
      if (value === TRUE) break;
    }
    return found;
  }

  /** The verdicts that are left without trying completions: all that can be, and maybe more. */
  const bounded = (model, state) => candidates(model, state).filter(Boolean);

  function* possibleVerdicts(model, state) {
    const decide = () => candidates(model, state);
    if (!within(model, model.verdictQuestions, state)) return [bounded(model, state), false];
    const found = yield* possible(decide, state, model.verdictQuestions);
    return [ids(model.assessment.verdicts).filter((id) => found.has(id)), true];
  }

  /** What a condition comes to over every completion: TRUE, FALSE, NONE. */
  function values(model, tree, state) {
    const found = single(condition(tree, state));
    const depends = model.depends(tree);
    if (found.length === 1 || !within(model, depends, state)) return found;
    const all = allOf(possible(() => single(condition(tree, state)), state, depends));
    return BITS.filter((bit) => all.has(bit));
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
    const told = certain(value);
    if (told) return told;
    const exact = within(model, model.depends(tree), state);
    if (!Array.isArray(value)) {
      const found = values(model, tree, state).map(literal);
      return found.length === 1 ? { value: found[0] } : { possible: found, exact };
    }
    const [low, high, none] = exact ? attained(model, tree, state) : value;
    return (
      certain([low, high, none]) || { range: [plain(low), plain(high)], maybe_none: none, exact }
    );
  }

  /** The least and the highest value over every completion, and whether there can be none. */
  function attained(model, tree, state) {
    const depends = model.depends(tree);
    const range = () => {
      const value = evaluate(tree, state);
      return Array.isArray(value) ? value : NOTHING;
    };
    const least = (key, start) => {
      let best = start;
      const visit = (found) => {
        if (found >= best) return;
        const id = state.nextOpen(depends);
        if (id === undefined) {
          best = found;
          return;
        }
        const options = model.options.get(id).each();
        const keys = new Map();
        for (const one of state.withEachOption(id, options)) keys.set(one, key(range()));
        const order = options
          .slice()
          .sort((a, b) => (keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : 0));
        for (const one of state.withEachOption(id, order)) visit(keys.get(one));
      };
      visit(key(range()));
      return best;
    };
    return [
      least((value) => value[0], Infinity),
      -least((value) => -value[1], Infinity) + 0,
      least((value) => (value[2] ? 0 : 1), 1) === 0,
    ];
  }

  function bySection(assessment, measures) {
    const found = {};
    for (const { id, name, section } of assessment.measures) {
      if (section === undefined) found[name] = measures[id];
      else (found[name] = found[name] || { sections: {} }).sections[section] = measures[id];
    }
    return found;
  }

  function valueless(model, measures, state) {
    const isNone = (tree) =>
      condition(tree, state) & NONE && values(model, tree, state).join() === String(NONE);
    const rules = [...model.assessment.verdicts, ...model.assessment.warnings].filter(
      ({ when }) => when !== undefined && isNone(when)
    );
    return [...Object.keys(measures).filter((id) => measures[id].value === null), ...ids(rules)];
  }

  // --- why, and how far to the next ----------------------------------------------------------

  /**
   * The ids of the questions and measures in the parts of a tree that are true, or under `not`
   * those that are false.
   */
  function reasons(tree, state, wanted = TRUE) {
    if (!Array.isArray(tree)) return [];
    const [name, ...parts] = tree;
    const all = (some, want) => some.flatMap((part) => reasons(part, state, want));
    const asked = (scope, holds) =>
      state.model.scopes.get(scope).filter((id) => holds(state.outcome(id)));
    if (name === 'not') return all(parts, wanted === TRUE ? FALSE : TRUE);
    if (name === 'and' || name === 'or')
      return all(
        parts.filter((part) => condition(part, state) === wanted),
        wanted
      );
    if (name === 'each') return state.part(tree) ? all(parts) : [];
    if (name === 'any' || name === 'all') {
      const told =
        name === 'all' && wanted === TRUE
          ? parts
          : parts.filter((each) => {
              const part = state.part(each);
              return part && part.sure && part.value === wanted;
            });
      return told.flatMap(([, test, value]) => [...all([test]), ...all([value], wanted)]);
    }
    if (name === 'if') {
      const holds = condition(parts[0], state) === TRUE;
      return [
        ...all(parts.slice(0, 1), holds ? TRUE : FALSE),
        ...all([parts[holds ? 1 : 2]], wanted),
      ];
    }
    if (name === 'count')
      return asked(parts[1], ({ answers }) => answers.length === 1 && answers[0] === parts[0]);
    if (SCOPED[name]) return asked(parts[0], (one) => one[SCOPED[name]] === TRUE);
    if (['is', 'chosen', 'number', 'value', 'measure'].includes(name)) return [parts[0]];
    if (name === 'lookup') return parts.slice(0, 2);
    return name === 'applies' ? [] : all(parts);
  }

  function why(model, verdict, measures, state) {
    const rule = model.assessment.verdicts.find(({ id }) => id === verdict)?.when;
    const named = new Set(reasons(rule, state));
    const known = Object.entries(measures)
      .filter(([id, one]) => named.has(id) && 'value' in one)
      .map(([id, { value }]) => [id, value]);
    return {
      questions: [...model.questions.keys()].filter((id) => named.has(id)),
      measures: Object.fromEntries(known),
    };
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
    const ones = model.verdictQuestions
      .filter(
        (id) =>
          answers.has(id) &&
          state.shown(id) === TRUE &&
          (model.questions.get(id).kind || 'one') === 'one'
      )
      .map((id) =>
        ids(model.scales.get(id).answers)
          .filter((one) => one !== answers.get(id))
          .map((one) => [id, one])
      );
    const left = completions(model, model.verdictQuestions, state);
    const singles = ones.flat().length;
    const pairs = (singles ** 2 - ones.reduce((sum, own) => sum + own.length ** 2, 0)) / 2;
    let found = false;
    let exact = singles * left <= MOST_EVALUATIONS;

    /** The verdict that alone is left once these answers are changed, if it is another one. */
    function* tipped(changes) {
      const [change, ...rest] = changes;
      if (!change) {
        const verdicts = exact ? (yield* possibleVerdicts(model, state))[0] : bounded(model, state);
        return verdicts.length === 1 && verdicts[0] !== verdict ? verdicts[0] : null;
      }
      let tips = null;
      const [id, answer] = change;
      const settled = [outcome(model.questions.get(id), model.scales.get(id), answer)];
      for (const _ of state.withEachOption(id, settled)) tips = yield* tipped(rest);
      return tips;
    }

    function* step(...changes) {
      const tips = yield* tipped(changes);
      found = found || tips !== null;
      yield tips === null ? null : { changes: Object.fromEntries(changes), verdict: tips };
    }

    for (const one of ones.flat()) yield* step(one);
    if (found || pairs > MOST_EVALUATIONS) return;
    exact = pairs * left <= MOST_EVALUATIONS;
    for (const [n, first] of ones.entries()) {
      for (const second of ones.slice(n + 1))
        for (const one of first) for (const other of second) yield* step(one, other);
    }
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
      warnings: ids(
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
