import { useEffect, useRef } from 'preact/hooks';
import type { ErrorCode } from '../../lib/protocol/errors.ts';
import { setHealth } from '../state/models.ts';
import type { TurnView } from './turn-view.ts';

/** An answer that ends before the user's eyes says more about its connection than any check. */
export function useAnswerHealth(last: TurnView | undefined): void {
  const watched = useRef<string | undefined>(undefined);
  const turn = last?.turn.value;
  useEffect(() => {
    if (!last || !turn) return;
    if (turn.state === 'answering') watched.current = last.id;
    if (watched.current !== last.id || !last.connectionId) return;
    if (turn.state === 'done') setHealth(last.connectionId, { state: 'ok' });
    if (turn.state === 'failed' && turn.error && isOfConnection.has(turn.error.code))
      setHealth(last.connectionId, { state: 'bad', error: turn.error });
  }, [last?.id, turn?.state]);
}

/** Failures that the next question would meet too. */
const isOfConnection = new Set<ErrorCode>(['unreachable', 'unauthorized', 'payment-required', 'bad-response', 'timeout']);
