/** Plain words of YAML that are no text. */

/** What one tool or another takes for something else than text, and writes in another way: YAML 1.1 has many numbers. */
export const TYPED = /^[-+.]*\d|^[-+]?\.(?:inf|nan)$|^(?:~|null|yes|no|on|off|y|n|true|false|<<|=|)$/i;
