// What a reading is: one filled-in copy of an assessment. Plain values, no page and no storage.
'use strict';

(() => {
  const FORMAT = 1;
  const TEXTS = ['id', 'assessment', 'subject', 'chair', 'date', 'send', 'changed'];
  const MAPS = ['answers', 'notes', 'moves'];

  const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

  /** An empty reading of an assessment. */
  function blank(assessment) {
    const id = Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
    return {
      format: FORMAT, id, assessment: assessment.id, version: assessment.version,
      subject: '', chair: '', date: '', answers: {}, notes: {}, moves: {}, send: '', changed: '',
    };
  }

  /**
   * A copy of a reading with one value changed; an empty value takes the entry out.
   * @param {object} reading
   * @param {{path: string[], value: *}} change e.g. {path: ['notes', 'metric_integrity'], value: 'no baseline'}
   */
  function changed(reading, { path: [key, ...rest], value }) {
    if (rest.length === 0) return { ...reading, [key]: value };
    const inner = changed(reading[key] || {}, { path: rest, value });
    if (value === '') delete inner[rest[0]];
    return { ...reading, [key]: inner };
  }

  /** A reading with several changes, stamped with the time. */
  function withChanges(reading, changes) {
    return { ...changes.reduce(changed, reading), changed: new Date().toISOString() };
  }

  /** Whether a stored value has the shape of a reading that this release understands. */
  function isReading(value) {
    return isObject(value) && value.format === FORMAT && Number.isInteger(value.version) && value.id !== '' &&
      TEXTS.every((key) => typeof value[key] === 'string') && MAPS.every((key) => isObject(value[key])) &&
      Object.values(value.notes).every((note) => typeof note === 'string') &&
      Object.values(value.moves).every((move) => isObject(move) && Object.values(move).every((text) => typeof text === 'string'));
  }

  /** Whether a later release wrote it: left alone, never set aside. */
  function isNewer(value, assessment) {
    return isObject(value) && (value.format > FORMAT || value.version > assessment.version);
  }

  function isEmpty(reading) {
    return !reading.subject && !reading.chair && !Object.keys(reading.answers).length &&
      !Object.values(reading.notes).some(Boolean) && !Object.values(reading.moves).some((move) => Object.values(move).some(Boolean));
  }

  window.playbook.readings = { blank, withChanges, isReading, isNewer, isEmpty };
})();
