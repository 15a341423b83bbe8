// Draws a result into its form. Text goes in as text; pictures are copies of those on the page.
'use strict';

(() => {
  /** A phrase of words.yml: `{name}`s filled in, the form chosen by `count`. */
  function speaker(words) {
    const plural = new Intl.PluralRules(words.language);
    const list = (type) => new Intl.ListFormat(words.language, { type });
    const day = new Intl.DateTimeFormat(words.language, { dateStyle: 'long', timeZone: 'UTC' }); // costly to make
    const lists = { and: list('conjunction'), or: list('disjunction') };
    return {
      say(key, values = {}) {
        const phrase = words[key];
        const text = typeof phrase === 'string' ? phrase : phrase[plural.select(values.count)] || phrase.other;
        return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
      },
      and: (items) => lists.and.format(items.map(String)),
      or: (items) => lists.or.format(items.map(String)),
      date: (iso) => (Date.parse(iso) ? day.format(new Date(iso)) : iso),
      lower: (text) => text.toLocaleLowerCase(words.language),
    };
  }

  /** The places of a form that a result is drawn into. */
  function view(form) {
    const part = (name) => form.querySelector(`[data-part="${name}"]`);
    const marks = new Map();
    for (const input of form.querySelectorAll('.answers input')) {
      if (!marks.has(input.value)) marks.set(input.value, input.parentElement.querySelector('svg'));
    }
    marks.set('', part('marks').querySelector('svg').cloneNode(true));
    return {
      form, marks,
      bar: [...part('marks').children], phrase: part('phrase'), counts: part('counts'), spoken: part('spoken'),
      found: part('found'), verdicts: [...form.querySelectorAll('[data-verdict]')],
      list: part('moves'), moves: new Map([...form.querySelectorAll('[data-move]')].map((item) => [item.dataset.move, item])),
    };
  }

  const element = (kind, textContent, className) => Object.assign(document.createElement(kind), { textContent, className });

  /** An answer as the value of its input; none where the line is open. */
  const valueOf = (answer) => (typeof answer === 'object' ? 'unknown' : answer || '');

  const worstFirst = ({ answers, worst }) => {
    const ids = answers.map((one) => one.id);
    return worst === ids[0] ? ids : ids.reverse();
  };

  const write = (node, text) => { if (node.textContent !== text) node.textContent = text; };

  /** What is said of a result, as plain text; `scored` is {assessment, answers, result, speak}. */
  function sentences(scored) {
    const { assessment, answers, result, speak } = scored;
    const verdict = (id) => assessment.verdicts.find((one) => one.id === id);
    const line = (id) => assessment.questions.findIndex((one) => one.id === id) + 1;
    const order = worstFirst(assessment.scales[0]).reverse();
    const worst = assessment.scales[0].worst;
    const title = (id) => speak.lower(assessment.scales[0].answers.find((one) => one.id === id).title);

    function why() {
      const known = result.why.questions.filter((id) => typeof answers[id] === 'string');
      const groups = groupBy(known, (id) => title(answers[id]));
      return [...groups].map(([answer, ids]) => speak.say('why', { count: ids.length, lines: speak.and(ids.map(line)), answer }));
    }

    /** The lines that nobody could tell about: they come to a verdict, and are a finding of their own. */
    function unknowns() {
      const ids = assessment.questions.map((one) => one.id).filter((id) => typeof answers[id] === 'object');
      return ids.length ? [speak.say('why_unknown', { count: ids.length, lines: speak.and(ids.map(line)) })] : [];
    }

    /** Changes of one line: those to the same verdict by the same lines are one sentence. */
    function tips() {
      const single = result.distance.filter((one) => Object.keys(one.changes).length === 1);
      if (single.length < result.distance.length) return pairs();
      const byAnswer = groupBy(single, (one) => `${one.verdict} ${Object.values(one.changes)[0]}`);
      const told = [...byAnswer.values()].map((ones) => ({
        verdict: ones[0].verdict, answer: Object.values(ones[0].changes)[0], lines: ones.map((one) => line(Object.keys(one.changes)[0])),
      }));
      const byLines = groupBy(told, (one) => `${one.verdict} ${one.lines}`);
      return [...byLines.values()].map((ones) => {
        const { verdict: id, lines, answer } = ones[0];
        const others = assessment.questions.filter((one) => answers[one.id] && answers[one.id] !== worst).length;
        if (ones.length === 1 && answer === worst && lines.length === others && others > 1) {
          return speak.say(result.counts[worst] ? 'tip_more' : 'tip_first', { answer: title(answer), verdict: verdict(id).title });
        }
        const answersTold = speak.or(ones.map((one) => one.answer).sort((a, b) => order.indexOf(a) - order.indexOf(b)).map(title));
        return speak.say('tip', { count: lines.length, lines: speak.or(lines), answers: answersTold, verdict: verdict(id).title });
      });
    }

    function pairs() {
      return [...groupBy(result.distance, (one) => one.verdict)].map(([id, ones]) => {
        const lines = [...new Set(ones.flatMap((one) => Object.keys(one.changes).map(line)))].sort((a, b) => a - b);
        const told = new Set(ones.map((one) => Object.keys(one.changes).join()));
        const any = told.size === (lines.length * (lines.length - 1)) / 2;
        const key = told.size === 1 ? 'tip_pair' : any ? 'tip_two_of' : 'tip_two';
        const answersTold = speak.or(order.filter((answer) => ones.some((one) => Object.values(one.changes).includes(answer))).map(title));
        return speak.say(key, { lines: speak.and(lines), answers: answersTold, verdict: verdict(id).title });
      });
    }

    function phrase() {
      if (result.verdict) return verdict(result.verdict).title;
      if (!result.coverage.answered && !result.coverage.unknown) return speak.say('nothing_yet');
      if (result.possible.length > 3) return speak.say('possible_many');
      return speak.say('possible_few', { verdicts: speak.or(result.possible.map((id) => verdict(id).title)) });
    }

    function counts() {
      const { unknown, open } = result.coverage;
      const count = (id) => Object.values(answers).filter((one) => one === id).length;
      const told = worstFirst(assessment.scales[0]).filter(count).map((id) => speak.say('bar_count', { count: count(id), answer: title(id) }));
      if (unknown) told.push(speak.say('bar_count', { count: unknown, answer: speak.lower(speak.say('unknown')) }));
      if (open) told.push(speak.say('bar_open', { count: open }));
      return told.join(', ');
    }

    const more = scored.more && speak.say(result.counts[worst] ? 'bar_more' : 'bar_first', { answer: title(worst), verdict: verdict(scored.more).title });
    return { verdict, phrase: phrase(), counts: [counts(), more].filter(Boolean).join(' · '), why, unknowns, tips };
  }

  function groupBy(items, key) {
    const groups = new Map();
    for (const item of items) groups.set(key(item), [...(groups.get(key(item)) || []), item]);
    return groups;
  }

  function drawBar(at, said, scored) {
    const { assessment, answers, speak } = scored;
    const titles = new Map(assessment.scales[0].answers.map((one) => [one.id, one.title]));
    assessment.questions.forEach((question, n) => {
      const value = valueOf(answers[question.id]);
      if (at.bar[n].dataset.answer === value) return;
      at.bar[n].dataset.answer = value;
      const told = value ? titles.get(value) || speak.say('unknown') : speak.say('mark_open');
      at.bar[n].replaceChildren(
        at.marks.get(value).cloneNode(true),
        element('span', speak.say('mark_line', { line: question.name, answer: speak.lower(told) }), 'unseen'),
      );
    });
    write(at.phrase, said.phrase);
    write(at.counts, said.counts);
  }

  function drawFound(at, said, { assessment, result, speak }) {
    const possible = new Set(result.possible);
    for (const item of at.verdicts) {
      item.classList.toggle('is', result.verdict === item.dataset.verdict);
      item.classList.toggle('out', !possible.has(item.dataset.verdict));
    }
    const told = [];
    if (result.verdict) {
      told.push(['title', said.phrase], ['say', said.verdict(result.verdict).say], ['reasons', [...said.why(), ...said.unknowns(), ...said.tips()].join(' ')]);
    } else if (result.coverage.answered || result.coverage.unknown) {
      const titles = result.possible.map((id) => said.verdict(id).title);
      told.push(['title', said.phrase], ['say', result.possible.length > 3 && `${speak.say('still_possible')}: ${speak.and(titles)}.`]);
      told.push(['reasons', said.unknowns().join(' ')]);
    }
    for (const { id, say } of assessment.warnings) if (result.warnings.includes(id)) told.push(['warning', say]);
    const shown = JSON.stringify(told);
    if (at.found.dataset.shown === shown) return;
    at.found.dataset.shown = shown;
    at.found.replaceChildren(...told.filter(([, text]) => text).map(([name, text]) => element('p', text, name)));
  }

  /** The moves of the lines that ask for one, the worst first; all of them on a blank form. */
  function drawMoves(at, { assessment, answers, result }) {
    const order = worstFirst(assessment.scales[0]);
    const blank = !result.coverage.answered && !result.coverage.unknown;
    const rank = (id) => {
      const answer = answers[id];
      return blank ? 0 : order.indexOf(typeof answer === 'object' ? assessment.questions.find((one) => one.id === id).unknown : answer);
    };
    const asked = (id) => blank || (rank(id) >= 0 && rank(id) < order.length - 1);
    const ids = assessment.questions.map((one) => one.id).filter((id) => at.moves.has(id));
    const sorted = ids.slice().sort((a, b) => asked(b) - asked(a) || (asked(a) ? rank(a) - rank(b) : 0));
    const before = [...at.list.children].map((item) => item.dataset.move);
    if (before.join() !== sorted.join()) at.list.append(...sorted.map((id) => at.moves.get(id)));
    for (const id of ids) {
      const item = at.moves.get(id);
      const answer = valueOf(answers[id]);
      item.hidden = !asked(id);
      if (item.dataset.answer !== answer) {
        item.dataset.answer = answer;
        item.querySelector('[data-part="mark"]').replaceChildren(...(answer ? [at.marks.get(answer).cloneNode(true)] : []));
      }
    }
    at.form.classList.toggle('blank', blank);
    at.form.classList.toggle('settled', !blank && !ids.some(asked));
  }

  /**
   * Draws all of a result.
   * @param {object} at what `view(form)` gave
   * @param {{assessment: object, answers: object, result: object, speak: object, more: ?string}} scored
   *   `more`: the verdict that one more worst answer makes certain
   */
  function draw(at, scored) {
    const said = sentences(scored);
    drawBar(at, said, scored);
    drawFound(at, said, scored);
    drawMoves(at, scored);
    return [said.phrase.replace(/\?$/, ''), ...said.counts.split(' · ')].join('. ');
  }

  window.playbook.results = { speaker, element, view, draw };
})();
