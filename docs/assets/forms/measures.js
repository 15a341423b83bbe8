// What the measures of a result come to, in words, and the table of them.
'use strict';

(() => {
  const PLACES = { whole: [0, 0], tenths: [1, 1], hundredths: [2, 2], percent: [0, 1] };

  /** What is known of a measure, as text: `3`, `between 3 and 5, or none`, `40 %`. */
  function inWords(measure, state, words) {
    const text = (value) => valueInWords(measure, value, words);
    if ('value' in state) return text(state.value);
    if (state.possible) return words.or(state.possible.map(text));
    const [low, high] = state.range.map((bound) => (bound === null ? null : text(bound)));
    const value = rangeInWords(low, high, words);
    return state.maybe_none ? words.phrase('measure_or_none', { value }) : value;
  }

  function valueInWords({ format }, value, words) {
    if (value === null) return words.phrase('measure_none');
    if (typeof value === 'boolean') return words.phrase(`measure_${value}`);
    const text = words.number(value, ...(PLACES[format] || [0, 2]));
    return format === 'percent' ? words.phrase('measure_percent', { value: text }) : text;
  }

  function rangeInWords(low, high, words) {
    if (low === null && high === null) return words.phrase('measure_unsettled');
    if (low === null) return words.phrase('measure_most', { high });
    if (high === null) return words.phrase('measure_least', { low });
    return low === high ? low : words.phrase('measure_between', { low, high });
  }

  /** What a result says of a measure. */
  const stateOf = (result, { name, section }) =>
    section === undefined ? result.measures[name] : result.measures[name].sections[section];

  const element = (kind, text = '') =>
    Object.assign(document.createElement(kind), { textContent: text });
  const head = (text, scope) => Object.assign(element('th', text), { scope });

  function row(...cells) {
    const tr = element('tr');
    tr.append(...cells);
    return tr;
  }

  function table(rows, headings) {
    const node = element('table');
    node.className = 'measure';
    if (headings.length) {
      node.append(element('thead'));
      node.tHead.append(row(element('td'), ...headings.map((text) => head(text, 'col'))));
    }
    node.append(element('tbody'));
    node.tBodies[0].append(...rows);
    return node;
  }

  /**
   * A table with a row a measure, and one with a row a section. Gives the cells: [measure, cell,
   * its value].
   */
  function build(place, { measures, sections }, words) {
    const shown = measures.filter(({ title }) => title);
    const single = shown.filter(({ section }) => section === undefined);
    const bySection = shown.filter(({ section }) => section !== undefined);
    const cells = [];
    const cell = (measure) => {
      const td = element('td');
      cells.push([measure, td]);
      return td;
    };
    const find = (name, id) =>
      bySection.find((measure) => measure.name === name && measure.section === id);
    const names = [...new Set(bySection.map(({ name }) => name))];
    const rowOf = ({ id, title }) =>
      row(head(title, 'row'), ...names.map((name) => cell(find(name, id))));

    if (shown.length) place.append(element('h3', words.phrase('measures')));
    if (single.length) {
      const rows = single.map((measure) => row(head(measure.title, 'row'), cell(measure)));
      place.append(table(rows, []));
    }
    if (names.length) {
      const headings = names.map((name) => find(name, sections[0].id).title);
      place.append(table(sections.map(rowOf), headings));
    }
    return cells;
  }

  /** Writes into the cells what has changed. */
  function draw(cells, { result, words }) {
    for (const entry of cells) {
      const [measure, cell, before] = entry;
      const state = stateOf(result, measure);
      const text = JSON.stringify(state);
      if (before === text) continue;
      entry[2] = text;
      cell.textContent = inWords(measure, state, words);
    }
  }

  /** Those that the verdict rests on, a sentence each. */
  function why({ assessment, result, words }) {
    return assessment.measures
      .filter(({ id, title }) => title && id in result.why.measures)
      .map((measure) => {
        const section = assessment.sections.find(({ id }) => id === measure.section);
        const title = section
          ? words.phrase('measure_of', { measure: measure.title, section: section.title })
          : measure.title;
        const value = valueInWords(measure, result.why.measures[measure.id], words);
        return words.phrase('why_measure', { measure: title, value });
      });
  }

  window.playbook.measures = { build, draw, why };
})();
