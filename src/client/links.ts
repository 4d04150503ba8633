/** The connections that one endpoint has open. */
/** Another text in every process. */
const PROCESS = `${process.pid}-${Date.now().toString(36)}`;
let changes = 0;

interface Links {
  onConnect(): void;
  onDisconnect(): void;
  /** As Gateway.link(). */
  link(): string;
}

/**
 * @param onOpen called for each connection
 * @param onBreak called when none is open any more
 */
export function openLinks(onOpen: () => void, onBreak: () => void): Links {
  let connections = 0;
  let link = '';
  const changed = (by: 1 | -1): void => {
    connections += by;
    link = `${PROCESS}-${++changes}`;
    if (connections <= 0) onBreak();
  };
  return {
    onConnect() {
      changed(1);
      onOpen();
    },
    onDisconnect: () => changed(-1),
    link: () => link,
  };
}
