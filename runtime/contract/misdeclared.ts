/**
 * A file that declares a stage, an endpoint or a command in a way that cannot work: named unlike its file, or in the place of
 * another. The message names the files and is for whoever wrote them; a JavaScript stack would say nothing more.
 */
export class Misdeclared extends Error {}
