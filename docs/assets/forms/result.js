// Draws a result into its form: only what has changed. Text goes in as text; pictures are copies of
// those on the page.
'use strict';

(() => {
  const {
    measures, // only where one is measured
    messages,
    notices: { element },
  } = window.playbook;
  const write = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  // The phrase for each problem of answers.js that is told at the field itself.
  const FIELD_PROBLEMS = {
    not_a_number: 'told_number',
    out_of_range: 'told_range',
    not_a_whole_number: 'told_whole',
    na_needs_reason: 'told_reason',
  };

  /**
   * The places of a form that a result is drawn into.
   * @param {HTMLFormElement} form
   * @param {Assessment} assessment
   * @param {Words} words
   */
  function view(form, assessment, words) {
    const part = (name) => form.querySelector(`[data-part="${name}"]`);
    const byData = (name) =>
      new Map([...form.querySelectorAll(`[data-${name}]`)].map((one) => [one.dataset[name], one]));
    const stamps = new Map(
      [...part('stamps').content.querySelectorAll('[data-mark]')].map((one) => [
        one.dataset.mark,
        one.firstElementChild,
      ])
    );
    const sections = byData('section');
    return {
      form,
      stamps,
      sections,
      questions: byData('question'),
      moves: byData('move'),
      told: new Map(),
      ranked: new Map(),
      bar: [...(part('marks')?.children || [])],
      phrase: part('phrase'),
      counts: part('counts'),
      spoken: part('spoken'),
      found: part('found'),
      verdicts: [...form.querySelectorAll('[data-verdict]')],
      list: part('moves'),
      progress: new Map([...sections].map(([id, one]) => [id, one.querySelector('.progress')])),
      cells: measures?.build(part('measures'), assessment, words),
    };
  }

  /** The mark of a line, by its name among the stamps. */
  function stampOf(view, { answers, model, countsAs, shown }, id) {
    if (!answers.has(id) || !shown.has(id)) return 'open';
    const answer = answers.get(id);
    if (answer.unknown) return 'unknown';
    if (answer.na !== undefined) return 'na';
    const name = `${model.assessment.scales.indexOf(model.scales.get(id))} ${countsAs(id)}`;
    return view.stamps.has(name) ? name : 'done';
  }

  function inWords(stamp, { model, countsAs, words }, id) {
    const key = { open: 'mark_open', unknown: 'unknown', na: 'na' }[stamp];
    if (key || !countsAs(id)) return words.lower(words.phrase(key || 'mark_answered'));
    return words.answer(model.scales.get(id).answers.find((one) => one.id === countsAs(id)).title);
  }

  function drawMarks(view, viewModel) {
    const { assessment, shown, words } = viewModel;
    view.bar.forEach((item, n) => {
      const { id, name } = assessment.questions[n];
      const stamp = stampOf(view, viewModel, id);
      if (item.hidden === shown.has(id)) item.hidden = !shown.has(id);
      if (item.dataset.answer === stamp) return;
      item.dataset.answer = stamp;
      item.replaceChildren(
        view.stamps.get(stamp).cloneNode(true),
        element(
          'span',
          words.phrase('mark_line', { line: name, answer: inWords(stamp, viewModel, id) }),
          'unseen'
        )
      );
    });
  }

  /** What surely does not apply is hidden, a section of which nothing does as well. */
  function drawShown(view, { assessment, shown, result, words }) {
    for (const { id, show } of assessment.questions)
      if (show !== undefined) view.questions.get(id).hidden = !shown.has(id);
    for (const { id, questions } of assessment.sections) {
      if (!view.sections.has(id)) continue;
      view.sections.get(id).hidden = !questions.some((one) => shown.has(one));
      const { answered, unknown, na, open } = result.coverage.sections[id];
      const done = answered + unknown + na;
      write(view.progress.get(id), words.phrase('section_progress', { done, all: done + open }));
    }
  }

  /**
   * Why a line stays open though something stands in it; while it is being typed, only once it was
   * told.
   */
  function drawTold(view, { result, words }, typing) {
    const now = new Map(
      result.problems
        .filter(({ code }) => FIELD_PROBLEMS[code])
        .map(({ question, code }) => [question, code])
    );
    for (const id of new Set([...view.told.keys(), ...now.keys()])) {
      const place = view.questions.get(id)?.querySelector('.told');
      const code = now.get(id);
      if (!place || view.told.get(id) === code || (id === typing && code && !view.told.has(id)))
        continue;
      place.textContent = code
        ? words.phrase(FIELD_PROBLEMS[code], { limits: place.dataset.limits })
        : '';
      for (const one of view.questions.get(id).querySelectorAll('[aria-invalid]'))
        one.removeAttribute('aria-invalid');
      const field = code === 'na_needs_reason' ? '.reason textarea' : '[data-kind]';
      if (code) view.questions.get(id).querySelector(field).setAttribute('aria-invalid', 'true');
      if (code) view.told.set(id, code);
      else view.told.delete(id);
    }
  }

  function drawFound(view, said, viewModel) {
    const { assessment, result, words, blank } = viewModel;
    const possible = new Set(result.possible);
    for (const item of view.verdicts) {
      item.classList.toggle('is', result.verdict === item.dataset.verdict);
      item.classList.toggle('out', !possible.has(item.dataset.verdict));
    }
    const paragraphs = [];
    if (result.verdict) {
      const reasons = [
        ...said.why(),
        ...(measures?.why(viewModel) ?? []),
        ...said.unknowns(),
        ...said.tips(),
      ];
      paragraphs.push(
        ['title', said.phrase],
        ['say', said.verdict(result.verdict).say],
        ['reasons', reasons.join(' ')]
      );
    } else if (!blank) {
      const titles = result.possible.map((id) => said.verdict(id).title);
      paragraphs.push(
        ['title', said.phrase],
        [
          'say',
          result.possible.length > 3 && `${words.phrase('still_possible')}: ${words.and(titles)}.`,
        ]
      );
      paragraphs.push(['reasons', said.unknowns().join(' ')]);
    }
    if (!blank) paragraphs.push(['counts', said.counts]);
    for (const { id, say } of assessment.warnings)
      if (result.warnings.includes(id)) paragraphs.push(['warning', say]);
    const shown = JSON.stringify(paragraphs);
    if (view.found.dataset.shown === shown) return;
    view.found.dataset.shown = shown;
    view.found.replaceChildren(
      ...paragraphs.filter(([, text]) => text).map(([name, text]) => element('p', text, name))
    );
  }

  /** The moves of the lines that ask for one, the worst first; all of them on a blank form. */
  function drawMoves(view, viewModel) {
    const { model, countsAs, blank, shown } = viewModel;
    const badness = (id) => {
      const answer = shown.has(id) && countsAs(id);
      if (!answer) return 0;
      const { answers, worst } = model.scales.get(id);
      const place = answers.findIndex((one) => one.id === answer);
      return (worst === answers[0].id ? answers.length - 1 - place : place) / (answers.length - 1);
    };
    const moved = new Set();
    for (const [id, item] of view.moves) {
      const rank = blank ? 1 : badness(id);
      const stamp = blank || !rank ? '' : stampOf(view, viewModel, id);
      const before = view.ranked.get(id) || { rank: 1, stamp: '' };
      if (before.rank === rank && before.stamp === stamp) continue;
      view.ranked.set(id, { rank, stamp });
      item.hidden = !rank;
      if (before.rank !== rank) moved.add(item);
      item
        .querySelector('[data-part="mark"]')
        .replaceChildren(...(stamp ? [view.stamps.get(stamp).cloneNode(true)] : []));
    }
    const byRank = new Map();
    for (const [id, item] of view.moves) {
      const { rank } = view.ranked.get(id) || { rank: 1 };
      if (!byRank.has(rank)) byRank.set(rank, []);
      byRank.get(rank).push(item);
    }
    const asked = [...byRank.keys()]
      .filter(Boolean)
      .sort((a, b) => b - a)
      .flatMap((rank) => byRank.get(rank));
    // Those whose rank is as it was stand in their order already.
    for (let n = asked.length - 1; n >= 0 && moved.size; n -= 1)
      if (moved.has(asked[n])) view.list.insertBefore(asked[n], asked[n + 1] || null);
    view.form.classList.toggle('settled', !blank && !asked.length);
  }

  function drawBar(view, viewModel) {
    const said = new messages.Sentences(viewModel);
    write(view.phrase, said.phrase);
    write(view.counts, said.counts);
    return said;
  }

  /**
   * What is said of a result; again once more is known of it. Gives the text for a screen reader.
   */
  function tell(view, viewModel) {
    const said = drawBar(view, viewModel);
    drawFound(view, said, viewModel);
    return [said.phrase.replace(/\?$/, ''), ...said.counts.split(' · ')].join('. ');
  }

  /**
   * Draws what of a result stands beside the answers.
   * @param {object} view what `view` gave
   * @param {ViewModel} viewModel
   * @param {string} [typing] the question that is being typed into
   */
  function draw(view, viewModel, typing) {
    view.form.classList.toggle('blank', viewModel.blank);
    drawShown(view, viewModel);
    drawMarks(view, viewModel);
    drawTold(view, viewModel, typing);
    drawBar(view, viewModel);
  }

  /** Draws what stands below them; gives the text for a screen reader. */
  function drawRest(view, viewModel) {
    drawMoves(view, viewModel);
    measures?.draw(view.cells, viewModel);
    return tell(view, viewModel);
  }

  window.playbook.result = { view, draw, drawRest, tell };
})();
