// What the measures of a result come to, in words, and the table of them.
'use strict';

(() => {
  const PLACES = { whole: [0, 0], tenths: [1, 1], hundredths: [2, 2], percent: [0, 1] };

  /** A measure's value as text: `3`, `between 3 and 5, or none`, `40 %`. */
  function inWords({ format }, found, words) {
    const number = (value) => {
      const text = words.number(value, ...(PLACES[format] || [0, 2]));
      return format === 'percent' ? words.phrase('measure_percent', { value: text }) : text;
    };
    const known = (value) =>
      value === null
        ? words.phrase('measure_none')
        : typeof value === 'boolean'
          ? words.phrase(`measure_${value}`)
          : number(value);
    if ('value' in found) return known(found.value);
    if (found.possible) return words.or(found.possible.map(known));
    const [low, high] = found.range.map((one) => (one === null ? null : number(one)));
    const value =
      low === null && high === null
        ? words.phrase('measure_unsettled')
        : low === null
          ? words.phrase('measure_most', { high })
          : high === null
            ? words.phrase('measure_least', { low })
            : low === high
              ? low
              : words.phrase('measure_between', { low, high });
    return found.maybe_none ? words.phrase('measure_or_none', { value }) : value;
  }

  const of = (result, { name, section }) =>
    section === undefined ? result.measures[name] : result.measures[name].sections[section];

  const element = (kind, text = '') =>
    Object.assign(document.createElement(kind), { textContent: text });
  const head = (text, scope) => Object.assign(element('th', text), { scope });

  /**
   * A table with a row a measure, and one with a row a section. Gives the cells: [measure, cell,
   * its value].
   */
  function build(place, assessment, words) {
    const shown = assessment.measures.filter(({ title }) => title);
    const cells = [];
    const cell = (measure) => {
      const made = element('td');
      cells.push([measure, made]);
      return made;
    };
    const row = (...parts) => {
      const made = element('tr');
      made.append(...parts);
      return made;
    };
    const table = (rows, named) => {
      const made = element('table');
      made.className = 'measure';
      if (named.length) made.append(element('thead'));
      if (named.length)
        made.tHead.append(row(element('td'), ...named.map((one) => head(one, 'col'))));
      made.append(element('tbody'));
      made.tBodies[0].append(...rows);
      place.append(made);
    };
    if (shown.length) place.append(element('h3', words.phrase('measures')));
    const whole = shown.filter(({ section }) => section === undefined);
    if (whole.length)
      table(
        whole.map((one) => row(head(one.title, 'row'), cell(one))),
        []
      );
    const names = [
      ...new Set(shown.filter(({ section }) => section !== undefined).map(({ name }) => name)),
    ];
    const by = (name, section) => shown.find((one) => one.name === name && one.section === section);
    if (names.length) {
      table(
        assessment.sections.map(({ id, title }) =>
          row(head(title, 'row'), ...names.map((name) => cell(by(name, id))))
        ),
        names.map((name) => by(name, assessment.sections[0].id).title)
      );
    }
    return cells;
  }

  /** Writes into the cells what has changed. */
  function draw(cells, { result, words }) {
    for (const entry of cells) {
      const [measure, cell, before] = entry;
      const found = of(result, measure);
      const now = JSON.stringify(found);
      if (before === now) continue;
      entry[2] = now;
      cell.textContent = inWords(measure, found, words);
    }
  }

  /** Those that the verdict rests on, a sentence each. */
  function why({ assessment, result, words }) {
    return assessment.measures
      .filter(({ id, title }) => title && id in result.why.measures)
      .map((one) => {
        const section = assessment.sections.find(({ id }) => id === one.section);
        const measure = section
          ? words.phrase('measure_of', { measure: one.title, section: section.title })
          : one.title;
        return words.phrase('why_measure', {
          measure,
          value: inWords(one, { value: result.why.measures[one.id] }, words),
        });
      });
  }

  window.playbook.measures = { build, draw, why };
})();
