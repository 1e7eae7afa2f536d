import { useSignal } from '@preact/signals';
import { History as HistoryIcon, SquarePen } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { Connection } from '../../lib/connections/connection.ts';
import { lazy } from '../look/lazy.tsx';
import { openOptions } from '../parts/open-page.ts';
import { Problem } from '../parts/problem.tsx';
import { connectionNamed } from '../state/connections.ts';
import { checkConnection, healthOf } from '../state/models.ts';
import { whereOf } from '../text/place.ts';
import type { Step } from '../text/problem-text.ts';
import { t } from '../text/t.ts';
import { Announcer } from './announcer.tsx';
import { AnswerTurn } from './answer-turn.tsx';
import { Composer } from './composer.tsx';
import { History } from './history.tsx';
import { createChatSession } from './session.ts';
import { useAnswerHealth } from './use-answer-health.ts';
import { useBottom } from './use-bottom.ts';
import { UserTurn } from './user-turn.tsx';

interface Props {
  connection: Connection;
  /** The chosen model; absent means the connection's first. */
  model: string | undefined;
  modelName: string;
  canSeeImages: boolean;
  onChangeModel(): void;
  /** Further buttons of the bottom row. */
  children?: ComponentChildren;
}

/** Brings the backends with it, which the popup does without until something is to be loaded. */
const LoadOffer = lazy(async () => (await import('../models/load-offer.tsx')).LoadOffer);

/** The quick chat of the popup and the side panel. */
export function Chat({ connection, model, modelName, canSeeImages, onChangeModel, children }: Props) {
  const session = useMemo(createChatSession, []);
  const isHistoryOpen = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useBottom(box, content);

  const turns = session.turns.value;
  const last = turns.at(-1);
  const health = healthOf(connection.id);
  useAnswerHealth(last);
  const isAnswering = session.isAnswering.value;
  const target = { connectionId: connection.id, ...(model && { model }) };
  const toConnection = () => void openOptions(`connections/${connection.id}`);
  const can: Partial<Record<Step, () => void>> = {
    connection: toConnection,
    key: toConnection,
    model: onChangeModel,
    newChat: () => session.open(),
    connect: () => void openOptions('connections/new'),
  };

  return (
    <section class="chat">
      <h2 class="visually-hidden">{t('chat')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div class="turns" ref={box} tabIndex={0}>
        <div class="stack" ref={content}>
          {turns.length === 0 && !health.error && <p class="quiet empty">{t('chatEmpty')}</p>}
          {turns.length === 0 && health.error && (
            <Problem error={health.error} can={{ ...can, retry: () => void checkConnection(connection.id) }} />
          )}
          {turns.length === 0 && health.error?.code === 'model-not-found' && (
            <LoadOffer.View connection={connection} wanted={model} onLoaded={() => void checkConnection(connection.id)} />
          )}
          {turns.map((view) =>
            view.turn.peek().role === 'user' ? (
              <UserTurn key={view.id} view={view} onEdit={isAnswering ? undefined : (text) => session.edit(view.id, text, target)} />
            ) : (
              <AnswerTurn
                key={view.id}
                view={view}
                isLast={view === last}
                isOwn={isOwn(view.connectionId)}
                showsModel={session.isMixed.value}
                onRetry={() => session.retry(target)}
                can={can}
                offer={
                  <LoadOffer.View
                    connection={connection}
                    wanted={model}
                    onLoaded={(loaded) => session.retry({ ...target, model: loaded })}
                  />
                }
              />
            ),
          )}
        </div>
      </div>
      <Announcer view={last?.turn.peek().role === 'assistant' ? last : undefined} />
      <footer class="foot">
        {session.problem.value && <Problem error={session.problem.value} can={can} />}
        <Composer
          modelName={modelName}
          isAnswering={isAnswering}
          canSeeImages={canSeeImages}
          onSend={(text, images) => session.send(text, images, target)}
          onStop={session.stop}
        />
        <div class="row">
          <button type="button" class="button plain small" onClick={() => session.open()}>
            <SquarePen size={15} />
            {t('chatNew')}
          </button>
          <button type="button" class="button plain small" onClick={() => (isHistoryOpen.value = true)}>
            <HistoryIcon size={15} />
            {t('history')}
          </button>
          <span class="grow" />
          {children}
        </div>
      </footer>
      {isHistoryOpen.value && (
        <History current={session.chatId.value} onOpen={session.open} onClose={() => (isHistoryOpen.value = false)} />
      )}
    </section>
  );
}

/** Answered on the user's own device or network: nobody is paid for it. */
function isOwn(connectionId: string | undefined): boolean {
  const connection = connectionId === undefined ? undefined : connectionNamed(connectionId);
  return connection !== undefined && whereOf(connection).place !== 'company';
}
