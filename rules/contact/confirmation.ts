// How long a member of staff has to confirm a touch, unless who asks for it says otherwise.

export const CONFIRM_WITHIN_HOURS = 24;
