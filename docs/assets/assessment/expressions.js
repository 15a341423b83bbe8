// Rules that were compiled to nested lists, and what they come to. The twin of macros/expressions.py.
'use strict';

window.playbook = window.playbook || {};

(() => {
  const TRUE = 1, FALSE = 2; // a condition is a set of these, a number a range [low, high]

  const not = (value) => (value & TRUE ? FALSE : 0) | (value & FALSE ? TRUE : 0);

  /** How many questions hold, at least and at most. */
  function counted(state, holds) {
    let low = 0, high = 0;
    for (const options of state.values()) {
      const fitting = options.filter(holds).length;
      if (fitting === options.length) low += 1;
      if (fitting > 0) high += 1;
    }
    return [low, high];
  }

  function number(tree, state) {
    if (!Array.isArray(tree)) return [tree, tree];
    if (tree[0] === 'count') return counted(state, (option) => option.answer === tree[1]);
    return counted(state, (option) => option.unknown);
  }

  /** `and` of sets; `or` is the same with TRUE and FALSE changing places. */
  function joined(name, parts, state) {
    const [settles, goesOn] = name === 'and' ? [FALSE, TRUE] : [TRUE, FALSE];
    let result = goesOn;
    for (const part of parts) {
      const value = condition(part, state);
      if (value === settles) return settles;
      result |= value & settles;
    }
    return result;
  }

  const less = ([low, high], [otherLow, otherHigh]) => (low < otherHigh ? TRUE : 0) | (high >= otherLow ? FALSE : 0);

  const equal = ([low, high], [otherLow, otherHigh]) =>
    (low <= otherHigh && otherLow <= high ? TRUE : 0) | (low === otherHigh && high === otherLow ? 0 : FALSE);

  const comparisons = {
    lt: less, gt: (a, b) => less(b, a), le: (a, b) => not(less(b, a)), ge: (a, b) => not(less(a, b)),
    eq: equal, ne: (a, b) => not(equal(a, b)),
  };

  function within(options, answers) {
    let value = 0;
    for (const option of options) value |= answers.includes(option.answer) ? TRUE : FALSE;
    return value;
  }

  /**
   * The set of TRUE and FALSE that a rule can come to.
   * @param {Array} tree e.g. ["ge", ["count", "red"], 3]
   * @param {Map<string, {answer: string, unknown: boolean}[]>} state the options of each question
   * @returns {number}
   */
  function condition(tree, state) {
    const [name, ...parts] = tree;
    if (name === 'is') return within(state.get(parts[0]), parts.slice(1));
    if (name === 'not') return not(condition(parts[0], state));
    if (name === 'and' || name === 'or') return joined(name, parts, state);
    return comparisons[name](number(parts[0], state), number(parts[1], state));
  }

  /** The questions that a rule's value depends on. */
  function questionsIn(tree, every) {
    if (!Array.isArray(tree)) return [];
    if (tree[0] === 'is') return [tree[1]];
    if (tree[0] === 'count' || tree[0] === 'unknown') return every;
    return tree.slice(1).flatMap((part) => questionsIn(part, every));
  }

  window.playbook.expressions = { TRUE, FALSE, condition, questionsIn };
})();
