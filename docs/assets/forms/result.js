// Draws a result into its form: only what has changed. Text goes in as text; pictures are copies of those on the page.
'use strict';

(() => {
  const { measures, speaking } = window.playbook;
  const element = (kind, textContent, className) => Object.assign(document.createElement(kind), { textContent, className });
  const write = (node, text) => { if (node.textContent !== text) node.textContent = text; };

  // What is told at the field itself, by the message of answers.js.
  const TOLD = { 'not a number': 'told_number', 'out of range': 'told_range', 'not a whole number': 'told_whole', 'not applicable needs a reason': 'told_reason' };

  /** The places of a form that a result is drawn into. */
  function view(form, assessment, speak) {
    const part = (name) => form.querySelector(`[data-part="${name}"]`);
    const byData = (name) => new Map([...form.querySelectorAll(`[data-${name}]`)].map((one) => [one.dataset[name], one]));
    const stamps = new Map([...part('stamps').content.querySelectorAll('[data-mark]')].map((one) => [one.dataset.mark, one.firstElementChild]));
    const sections = byData('section');
    return {
      form, stamps, sections, questions: byData('question'), moves: byData('move'), told: new Map(), ranked: new Map(),
      bar: [...(part('marks')?.children || [])], phrase: part('phrase'), counts: part('counts'), spoken: part('spoken'),
      found: part('found'), verdicts: [...form.querySelectorAll('[data-verdict]')], list: part('moves'),
      progress: new Map([...sections].map(([id, one]) => [id, one.querySelector('.progress')])),
      cells: measures.build(part('measures'), assessment, speak),
    };
  }

  /** The mark of a line, by its name among the stamps. */
  function stampOf(at, { answers, form, countsAs, shown }, id) {
    if (!answers.has(id) || !shown.has(id)) return 'open';
    const answer = answers.get(id);
    if (answer.unknown) return 'unknown';
    if (answer.na !== undefined) return 'na';
    const name = `${form.assessment.scales.indexOf(form.scales.get(id))} ${countsAs(id)}`;
    return at.stamps.has(name) ? name : 'done';
  }

  function inWords(stamp, { form, countsAs, speak }, id) {
    const key = { open: 'mark_open', unknown: 'unknown', na: 'na' }[stamp];
    if (key || !countsAs(id)) return speak.lower(speak.say(key || 'mark_answered'));
    return speak.answer(form.scales.get(id).answers.find((one) => one.id === countsAs(id)).title);
  }

  function drawMarks(at, scored) {
    const { assessment, shown, speak } = scored;
    at.bar.forEach((item, n) => {
      const { id, name } = assessment.questions[n];
      const stamp = stampOf(at, scored, id);
      if (item.hidden === shown.has(id)) item.hidden = !shown.has(id);
      if (item.dataset.answer === stamp) return;
      item.dataset.answer = stamp;
      item.replaceChildren(
        at.stamps.get(stamp).cloneNode(true),
        element('span', speak.say('mark_line', { line: name, answer: inWords(stamp, scored, id) }), 'unseen'),
      );
    });
  }

  /** What surely does not apply is hidden, a section of which nothing does as well. */
  function drawShown(at, { assessment, shown, result, speak }) {
    for (const { id, show } of assessment.questions) if (show !== undefined) at.questions.get(id).hidden = !shown.has(id);
    for (const { id, questions } of assessment.sections) {
      if (!at.sections.has(id)) continue;
      at.sections.get(id).hidden = !questions.some((one) => shown.has(one));
      const { answered, unknown, na, open } = result.coverage.sections[id];
      const done = answered + unknown + na;
      write(at.progress.get(id), speak.say('section_progress', { done, all: done + open }));
    }
  }

  /** Why a line stays open though something stands in it; while it is being typed, only once it was told. */
  function drawTold(at, { result, speak }, typing) {
    const now = new Map(result.problems.filter(({ message }) => TOLD[message]).map(({ question, message }) => [question, message]));
    for (const id of new Set([...at.told.keys(), ...now.keys()])) {
      const place = at.questions.get(id)?.querySelector('.told');
      const message = now.get(id);
      if (!place || at.told.get(id) === message || (id === typing && message && !at.told.has(id))) continue;
      place.textContent = message ? speak.say(TOLD[message], { limits: place.dataset.limits }) : '';
      for (const one of at.questions.get(id).querySelectorAll('[aria-invalid]')) one.removeAttribute('aria-invalid');
      const field = TOLD[message] === 'told_reason' ? '.reason textarea' : '[data-kind]';
      if (message) at.questions.get(id).querySelector(field).setAttribute('aria-invalid', 'true');
      if (message) at.told.set(id, message);
      else at.told.delete(id);
    }
  }

  function drawFound(at, said, scored) {
    const { assessment, result, speak, blank } = scored;
    const possible = new Set(result.possible);
    for (const item of at.verdicts) {
      item.classList.toggle('is', result.verdict === item.dataset.verdict);
      item.classList.toggle('out', !possible.has(item.dataset.verdict));
    }
    const told = [];
    if (result.verdict) {
      const reasons = [...said.why(), ...measures.why(scored), ...said.unknowns(), ...said.tips()];
      told.push(['title', said.phrase], ['say', said.verdict(result.verdict).say], ['reasons', reasons.join(' ')]);
    } else if (!blank) {
      const titles = result.possible.map((id) => said.verdict(id).title);
      told.push(['title', said.phrase], ['say', result.possible.length > 3 && `${speak.say('still_possible')}: ${speak.and(titles)}.`]);
      told.push(['reasons', said.unknowns().join(' ')]);
    }
    if (!blank) told.push(['counts', said.counts]);
    for (const { id, say } of assessment.warnings) if (result.warnings.includes(id)) told.push(['warning', say]);
    const shown = JSON.stringify(told);
    if (at.found.dataset.shown === shown) return;
    at.found.dataset.shown = shown;
    at.found.replaceChildren(...told.filter(([, text]) => text).map(([name, text]) => element('p', text, name)));
  }

  /** The moves of the lines that ask for one, the worst first; all of them on a blank form. */
  function drawMoves(at, scored) {
    const { form, countsAs, blank, shown } = scored;
    const badness = (id) => {
      const answer = shown.has(id) && countsAs(id);
      if (!answer) return 0;
      const { answers, worst } = form.scales.get(id), place = answers.findIndex((one) => one.id === answer);
      return (worst === answers[0].id ? answers.length - 1 - place : place) / (answers.length - 1);
    };
    const moved = new Set();
    for (const [id, item] of at.moves) {
      const rank = blank ? 1 : badness(id);
      const stamp = blank || !rank ? '' : stampOf(at, scored, id);
      const before = at.ranked.get(id) || { rank: 1, stamp: '' };
      if (before.rank === rank && before.stamp === stamp) continue;
      at.ranked.set(id, { rank, stamp });
      item.hidden = !rank;
      if (before.rank !== rank) moved.add(item);
      item.querySelector('[data-part="mark"]').replaceChildren(...(stamp ? [at.stamps.get(stamp).cloneNode(true)] : []));
    }
    const byRank = new Map();
    for (const [id, item] of at.moves) {
      const { rank } = at.ranked.get(id) || { rank: 1 };
      if (!byRank.has(rank)) byRank.set(rank, []);
      byRank.get(rank).push(item);
    }
    const asked = [...byRank.keys()].filter(Boolean).sort((a, b) => b - a).flatMap((rank) => byRank.get(rank));
    // Those whose rank is as it was stand in their order already.
    for (let n = asked.length - 1; n >= 0 && moved.size; n -= 1) if (moved.has(asked[n])) at.list.insertBefore(asked[n], asked[n + 1] || null);
    at.form.classList.toggle('settled', !blank && !asked.length);
  }

  /** What is said of a result; again once more is known of it. Gives the text for a screen reader. */
  function tell(at, scored) {
    const said = speaking.sentences(scored);
    write(at.phrase, said.phrase);
    write(at.counts, said.counts);
    drawFound(at, said, scored);
    return [said.phrase.replace(/\?$/, ''), ...said.counts.split(' · ')].join('. ');
  }

  /**
   * Draws all of a result.
   * @param {object} at what `view` gave
   * @param {object} scored what assessment.js made of a reading
   * @param {string} [typing] the question that is being typed into
   */
  function draw(at, scored, typing = '') {
    at.form.classList.toggle('blank', scored.blank);
    drawShown(at, scored);
    drawMarks(at, scored);
    drawTold(at, scored, typing);
    drawMoves(at, scored);
    measures.draw(at.cells, scored);
    return tell(at, scored);
  }

  window.playbook.results = { element, view, draw, tell };
})();
