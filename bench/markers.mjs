// Tables of one run, between two markers of bench/README.md.

/**
 * @param {string} document
 * @param {string} begin @param {string} end what the markers say
 * @param {string} text
 * @returns {string} the document with the text between the markers
 */
export function putBetween(document, begin, end, text) {
  const [first, last] = [`<!-- ${begin} -->\n`, `<!-- ${end} -->`];
  const from = document.indexOf(first);
  const to = document.indexOf(last, from);
  if (from < 0 || to < 0) throw new Error(`there is no place for the table: ${JSON.stringify(from < 0 ? begin : end)} is missing`);
  return `${document.slice(0, from + first.length)}\n${text}\n\n${document.slice(to)}`;
}
