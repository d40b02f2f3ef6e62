// Whether a puppet is still there: it is asked every so often, and one that answered before and is silent now is gone.

export interface PulseOptions {
  /** asks the puppet for a sign of life; any event of it is one */
  ding(): void;
  /** ms between two questions; 0: never */
  every: number;
  /** so many questions in a row without any sign */
  misses: number;
  onSilent(): void;
}

/** Starts asking. Puppets that never answered are not judged: not all can. */
export function takePulse({ ding, every, misses, onSilent }: PulseOptions) {
  let answered = false;
  let unanswered = 0;
  const ask = () => {
    if (answered && unanswered >= misses) return onSilent();
    unanswered++;
    try {
      ding();
    } catch {
      // a puppet without it; its silence says nothing then
    }
  };
  const timer = every > 0 ? setInterval(ask, every) : undefined;
  return {
    /** An event came; `answer`: the one that was asked for. What comes by itself is no proof that questions are answered. */
    sign(kind: "answer" | "other"): void {
      if (kind === "answer") answered = true;
      unanswered = 0;
    },
    stop: (): void => clearInterval(timer),
  };
}
