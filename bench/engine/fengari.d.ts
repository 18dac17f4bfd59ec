/** What the benchmark uses of fengari, which has no types of its own. */
declare module 'fengari' {
  type State = object;
  const fengari: {
    readonly to_luastring: (text: string) => Uint8Array;
    readonly lua: {
      readonly LUA_OK: number;
      readonly lua_pushvalue: (state: State, index: number) => void;
      readonly lua_pcall: (state: State, args: number, results: number, handler: number) => number;
      readonly lua_tonumber: (state: State, index: number) => number;
      readonly lua_tojsstring: (state: State, index: number) => string;
      readonly lua_pop: (state: State, count: number) => void;
    };
    readonly lauxlib: {
      readonly luaL_newstate: () => State;
      readonly luaL_dostring: (state: State, source: Uint8Array) => number;
    };
    readonly lualib: { readonly luaL_openlibs: (state: State) => void };
  };
  export default fengari;
}
