// What of an experiment counts, said in SQL once: of one occurrence, whoever counts or shows it.

/** An occurrence as it stands: `drawn` and `held` part all by the draw alone, the others are of an arm. */
export const ARM_CONDITIONS = {
  assigned: "state <> 'held_out'",
  sent: "(state = 'sent' AND observed = 1)",
  replied: "(state = 'sent' AND observed = 1 AND replied_at IS NOT NULL)",
  drawn: "state <> 'held_out'",
  held: "state = 'held_out'",
} as const;
export type ArmPart = keyof typeof ARM_CONDITIONS;
