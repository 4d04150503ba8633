/** Answers that are asked for before it is their turn. What comes of them waits at the server until then, and fills no memory here. */
import { EtcdError } from '../../client/index.js';

/** Gives what comes to `onPart`, and waits for its promise; the signal ends it. */
export type Read<Part, Answer> = (onPart: (part: Part) => void | Promise<void>, signal?: AbortSignal) => Promise<Answer>;

export interface Ahead<Answer> {
  /** It is its turn: what has come is given on, in order, and the rest as it comes. */
  take(): Promise<Answer>;
  /** Nobody wants it any more. */
  drop(): void;
}

/**
 * @param onPart gets that in its turn
 * @param patience ms; what has waited longer is asked for anew, since its time is nearly over
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
      // What goes wrong is told if it does so in its turn.
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
