// npm runs this after it has installed a clone: the build. If npm was told to leave out what the build needs, a line says what to do.
try {
  await import('./build.mjs');
} catch (error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  const [, missing] = (code === 'ERR_MODULE_NOT_FOUND' && /package '(.*?)'/.exec(message)) || [];
  if (missing === undefined) throw error;
  console.log(`etcd.vim is not built, because ${missing} is not installed; run: npm ci --omit=dev --include=optional`);
}
