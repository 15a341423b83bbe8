// Trees of compiled expressions, and what they come to. The twin of macros/engine/evaluate.py,
// which says more.
//
// A value stands for all that a reading with open questions can still come to: a number is a range
// [low, high, whether it can be none], a condition a set of TRUE, FALSE and NONE.
'use strict';

window.playbook = window.playbook || /** @type {Playbook} */ ({});

(() => {
  const TRUE = 1;
  const FALSE = 2;
  const NONE = 4;
  const NOTHING = [Infinity, -Infinity, true]; // a number that can only be none
  // of the size of what a mean adds, where it is unknown which numbers are in it
  const OUTWARDS = 1e-12;
  const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
  const { isFinite, isNaN } = Number;

  /**
   * All that a tree can come to. `state.find` has the values of those that ask for questions or
   * measures, and `state.part` keeps what `element` gives.
   */
  function evaluate(tree, state) {
    if (tree === null) return NOTHING;
    if (typeof tree === 'boolean') return tree ? TRUE : FALSE;
    if (!Array.isArray(tree)) return [tree, tree, false];
    const [name, ...parts] = tree;
    if (operations[name]) return operations[name](...parts.map((part) => evaluate(part, state)));
    return special[name] ? special[name](parts, state) : state.find(tree);
  }

  const bits = (value) => (Array.isArray(value) ? NONE : value);
  const condition = (tree, state) => bits(evaluate(tree, state));
  const held = (value) => value[0] <= value[1];

  // --- ranges ------------------------------------------------------------------------------

  /** A range of numbers that are finite: beyond them is none. */
  function tidy(low, high, none) {
    if (isFinite(low) && isFinite(high)) return [low + 0, high + 0, none];
    if (low === high || (isNaN(low) && isNaN(high))) return NOTHING;
    return [isFinite(low) ? low + 0 : -Infinity, isFinite(high) ? high + 0 : Infinity, true];
  }

  /** A value for all that any of these can be. */
  function joined(values) {
    return values.reduce((a, b) =>
      Array.isArray(a) && Array.isArray(b)
        ? [Math.min(a[0], b[0]), Math.max(a[1], b[1]), a[2] || b[2]]
        : bits(a) | bits(b)
    );
  }

  const arithmetic = (bounds) => (a, b) =>
    held(a) && held(b) ? tidy(...bounds(a, b), a[2] || b[2]) : NOTHING;

  function corners(operation, a, b) {
    let numbers = [
      operation(a[0], b[0]),
      operation(a[0], b[1]),
      operation(a[1], b[0]),
      operation(a[1], b[1]),
    ];
    // an open bound times 0
    if (a[0] !== a[1] || b[0] !== b[1])
      numbers = numbers.map((number) => (isNaN(number) ? 0 : number));
    return [Math.min(...numbers), Math.max(...numbers)];
  }

  const add = arithmetic((a, b) => [a[0] + b[0], a[1] + b[1]]);
  const subtract = arithmetic((a, b) => [a[0] - b[1], a[1] - b[0]]);
  const multiply = arithmetic((a, b) => corners((x, y) => x * y, a, b));
  const least = arithmetic((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1])]);
  const greatest = arithmetic((a, b) => [Math.max(a[0], b[0]), Math.max(a[1], b[1])]);

  function divide(a, b) {
    if (!held(a) || !held(b) || (b[0] === 0 && b[1] === 0)) return NOTHING;
    if (b[0] <= 0 && b[1] >= 0) return [-Infinity, Infinity, true];
    return tidy(...corners((x, y) => (isFinite(x) || isFinite(y) ? x / y : 0), a, b), a[2] || b[2]);
  }

  const monotone =
    (change) =>
    (value, [places] = []) =>
      held(value)
        ? tidy(
            ...[value[0], value[1]].map((bound) =>
              isFinite(bound) ? change(bound, places) : bound
            ),
            value[2]
          )
        : NOTHING;

  const rounded = (number, places) => Math.floor(number * POWERS[places] + 0.5) / POWERS[places];

  function absolute([low, high, none]) {
    if (low > high) return NOTHING;
    const sizes = [Math.abs(low), Math.abs(high)];
    return [low <= 0 && high >= 0 ? 0 : Math.min(...sizes), Math.max(...sizes), none];
  }

  // --- sets of TRUE, FALSE and NONE --------------------------------------------------------

  function not(value) {
    const set = bits(value);
    return (set & FALSE ? TRUE : 0) | (set & TRUE ? FALSE : 0) | (set & NONE);
  }

  function both(a, b) {
    const none = (a & NONE && b & (TRUE | NONE)) || (b & NONE && a & (TRUE | NONE));
    return (a & b & TRUE) | ((a | b) & FALSE) | (none ? NONE : 0);
  }

  function allOf(parts, state) {
    let result = TRUE;
    for (const part of parts) {
      result = both(result, condition(part, state));
      if (result === FALSE) break;
    }
    return result;
  }

  const anyOf = (parts, state) =>
    not(
      allOf(
        parts.map((part) => ['not', part]),
        state
      )
    );

  /** `a if c else b` */
  function choice([test, ...sides], state) {
    const set = condition(test, state);
    const values = sides
      .filter((_, n) => set & [TRUE, FALSE][n])
      .map((side) => evaluate(side, state));
    return joined(set & NONE ? [...values, NOTHING] : values);
  }

  function isNone(value) {
    if (!Array.isArray(value)) return (value & NONE ? TRUE : 0) | (value & ~NONE ? FALSE : 0);
    return (value[2] ? TRUE : 0) | (held(value) ? FALSE : 0);
  }

  const compared = (sets) => (a, b) =>
    (held(a) && held(b) ? sets(a, b) : 0) | (a[2] || b[2] ? NONE : 0);
  const less = compared((a, b) => (a[0] < b[1] ? TRUE : 0) | (a[1] >= b[0] ? FALSE : 0));
  const equal = compared(
    (a, b) =>
      (a[0] <= b[1] && b[0] <= a[1] ? TRUE : 0) | (a[0] === b[1] && a[1] === b[0] ? 0 : FALSE)
  );

  // --- over several ------------------------------------------------------------------------

  /**
   * An element of an aggregate: {sure, value, weight}; null where it does not hold, or is none, and
   * so cannot count.
   */
  function element([, test, ...parts], state) {
    const holds = condition(test, state);
    if (!(holds & TRUE)) return null;
    const [value, weight] = parts.map((part) => evaluate(part, state));
    const none = isNone(value) | (weight ? isNone(weight) : 0);
    const never = isNone(value) === TRUE || (weight && isNone(weight) === TRUE);
    return never ? null : { sure: holds === TRUE && none === FALSE, value, weight };
  }

  function sum(parts) {
    let low = 0;
    let high = 0;
    for (const { sure, value } of parts) {
      low += sure ? value[0] : Math.min(value[0], 0);
      high += sure ? value[1] : Math.max(value[1], 0);
    }
    return tidy(low, high, false);
  }

  const anySure = (parts) => parts.some(({ sure }) => sure);

  /** `times` the sum of the values over the sum of the weights of those that count. */
  function ratio(parts, times) {
    if (parts.some(({ weight }) => weight <= 0)) {
      const weights = sum(
        parts.map(({ sure, weight }) => ({ sure, value: [weight, weight, false] }))
      );
      return divide(multiply([times, times, false], sum(parts)), weights);
    }
    if (!parts.length) return NOTHING;
    return tidy(
      bound(parts, times, (value) => value[0]),
      -bound(parts, times, (value) => -value[1]),
      !anySure(parts)
    );
  }

  /** The least that a ratio can be: the parts that count, and those others that make it less. */
  function bound(parts, times, side) {
    let total = 0;
    let weights = 0;
    let size = 0;
    const add = ({ value, weight = 1 }) => {
      total += side(value);
      weights += weight;
      size += Math.abs(side(value));
    };
    for (const part of parts) if (part.sure) add(part);
    const mean = ({ value, weight = 1 }) => side(value) / weight;
    const loose = parts.filter(({ sure }) => !sure).sort((a, b) => mean(a) - mean(b));
    for (const part of loose) {
      if (weights && mean(part) >= total / weights) break;
      add(part);
    }
    const ratio = (times * total) / weights;
    return loose.length ? ratio - (OUTWARDS * times * size) / weights : ratio;
  }

  function weightedMean(parts) {
    const number = ([low, high]) => [low, high, false]; // of an element that counts
    const products = parts.map(({ sure, value, weight }) => ({
      sure,
      value: multiply(number(value), number(weight)),
      weight,
    }));
    if (products.some(({ value }) => value[2])) {
      // beyond what is finite
      return products.some(({ sure, value }) => sure && !held(value))
        ? NOTHING
        : [-Infinity, Infinity, true];
    }
    if (products.every(({ weight }) => weight[0] === weight[1])) {
      return ratio(
        products.map((part) => ({ ...part, weight: part.weight[0] })),
        1
      );
    }
    const weights = products.map(({ sure, weight }) => ({ sure, value: weight }));
    return divide(sum(products), sum(weights));
  }

  function lowest(parts) {
    if (!parts.length) return NOTHING;
    const isAnySure = anySure(parts);
    const highs = parts.filter(({ sure }) => sure || !isAnySure).map(({ value }) => value[1]);
    return [
      Math.min(...parts.map(({ value }) => value[0])),
      (isAnySure ? Math.min : Math.max)(...highs),
      !isAnySure,
    ];
  }

  function highest(parts) {
    const [low, high, none] = lowest(
      parts.map(({ sure, value }) => ({ sure, value: [-value[1], -value[0]] }))
    );
    return [-high + 0, -low + 0, none];
  }

  function median(parts) {
    if (!parts.length) return NOTHING;
    return tidy(
      leastMiddle(parts, (value) => value[0]),
      -leastMiddle(parts, (value) => -value[1]),
      !anySure(parts)
    );
  }

  /** The least that a median can be: of what counts, and of those others that are less than it. */
  function leastMiddle(parts, side) {
    const sorted = (elements) => elements.map(({ value }) => side(value)).sort((a, b) => a - b);
    let numbers = sorted(parts.filter(({ sure }) => sure));
    for (const number of sorted(parts.filter(({ sure }) => !sure))) {
      if (numbers.length && number >= middle(numbers)) break;
      numbers = [...numbers, number].sort((a, b) => a - b);
    }
    return middle(numbers);
  }

  function middle(numbers) {
    const half = numbers.length >> 1;
    return numbers.length % 2 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
  }

  function any(parts) {
    const must = parts.some(({ sure, value }) => sure && value === TRUE);
    return (parts.some(({ value }) => value & TRUE) ? TRUE : 0) | (must ? 0 : FALSE);
  }

  const aggregates = {
    sum,
    median,
    any,
    lowest,
    highest,
    weighted_mean: weightedMean,
    len: (parts) => [parts.filter(({ sure }) => sure).length, parts.length, false],
    mean: (parts) => ratio(parts, 1),
    all: (parts) => not(any(parts.map(({ sure, value }) => ({ sure, value: not(value) })))),
  };

  const operations = {
    not,
    none: isNone,
    lt: less,
    gt: (a, b) => less(b, a),
    le: (a, b) => not(less(b, a)),
    ge: (a, b) => not(less(a, b)),
    eq: equal,
    ne: (a, b) => not(equal(a, b)),
    add: (...values) => values.reduce(add),
    sub: subtract,
    mul: multiply,
    div: divide,
    neg: (value) => subtract([0, 0, false], value),
    abs: absolute,
    floor: monotone(Math.floor),
    ceil: monotone(Math.ceil),
    round: monotone(rounded),
    min: (...values) => values.reduce(least),
    max: (...values) => values.reduce(greatest),
  };

  const special = { and: allOf, or: anyOf, if: choice };
  for (const [name, aggregate] of Object.entries(aggregates))
    special[name] = (trees, state) => aggregate(trees.map(state.part).filter(Boolean));

  window.playbook.evaluate = {
    TRUE,
    FALSE,
    NONE,
    NOTHING,
    evaluate,
    condition,
    element,
    joined,
    sum,
    ratio,
  };
})();
