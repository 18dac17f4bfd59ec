/**
 * A configuration is checked once or twice in a process: code made for it would cost more than it saves. Schemas ask for this
 * when they are made, so it has to be said before the first of them is.
 */
import * as z from 'zod';

z.config({ jitless: true });
