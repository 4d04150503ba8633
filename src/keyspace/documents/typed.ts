/** Plain words of YAML that are not text for every tool. */

/** Some tool reads these as something else than text, and writes them differently: YAML 1.1 has many numbers. */
export const TYPED = /^[-+.]*\d|^[-+]?\.(?:inf|nan)$|^(?:~|null|yes|no|on|off|y|n|true|false|<<|=|)$/i;
