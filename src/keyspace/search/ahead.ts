/** Answers that are asked for before their turn. Until then their data waits at the server, and fills no memory here. */
import { EtcdError } from '../../client/index.js';

/** Gives each part to `onPart`, and waits for its promise. The signal ends it. */
export type Read<Part, Answer> = (onPart: (part: Part) => void | Promise<void>, signal?: AbortSignal) => Promise<Answer>;

export interface Ahead<Answer> {
  /** Its turn has come: hands on what has come, in order, and the rest as it comes. */
  take(): Promise<Answer>;
  /** Nobody wants it any more. */
  drop(): void;
}

/**
 * @param onPart gets the parts when it is their turn
 * @param patience ms. What has waited longer is asked for anew, because its time is nearly over
 * @param now the clock, in ms
 */
export function askAhead<Part, Answer>(
  read: Read<Part, Answer>,
  onPart: (part: Part) => void | Promise<void>,
  patience: number,
  now: () => number = () => performance.now(),
): Ahead<Answer> {
  const asked = now();
  let [isOpen, hasFailed] = [false, false];
  const stop = new AbortController();
  let open = (): void => undefined;
  const turn = new Promise<void>((resolve, reject) => {
    open = resolve;
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason as Error));
  });
  const answer = read((part) => (isOpen ? onPart(part) : turn.then(() => onPart(part))), stop.signal);
  turn.catch(() => undefined);
  answer.catch(() => (hasFailed = true));
  const drop = (): void => stop.abort(new EtcdError('cancelled', 'nobody takes it'));
  return {
    async take() {
      // An error counts only when its turn has come.
      if (hasFailed || now() - asked > patience) {
        drop();
        return read(onPart);
      }
      isOpen = true;
      open();
      return answer;
    },
    drop,
  };
}
