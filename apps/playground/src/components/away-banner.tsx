interface AwayBannerProps {
  readonly away: boolean;
}

/** Says that the page has lost the sequencer, and takes it back when it answers again. */
export function AwayBanner({ away }: AwayBannerProps) {
  return (
    <div role="status">
      {away && (
        <p className="away">
          The sequencer does not answer. What you see may be old; reconnecting by itself.
        </p>
      )}
    </div>
  );
}
