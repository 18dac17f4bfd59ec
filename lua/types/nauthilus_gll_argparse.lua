---@meta argparse
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class argparse.Element
local argparse_Element_object = {}

---Set the property `name`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:name(self, ...) end

---Set the property `description`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:description(self, ...) end

---Set the property `epilog`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:epilog(self, ...) end

---Set the property `usage`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:usage(self, ...) end

---Set the property `help`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:help(self, ...) end

---Set the property `require_command`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:require_command(self, ...) end

---Set the property `handle_options`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:handle_options(self, ...) end

---Set the property `action`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:action(self, ...) end

---Set the property `command_target`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:command_target(self, ...) end

---Set the property `help_vertical_space`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:help_vertical_space(self, ...) end

---Set the property `usage_margin`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:usage_margin(self, ...) end

---Set the property `usage_max_width`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:usage_max_width(self, ...) end

---Set the property `help_usage_margin`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:help_usage_margin(self, ...) end

---Set the property `help_description_margin`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:help_description_margin(self, ...) end

---Set the property `help_max_width`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:help_max_width(self, ...) end

---Set the property `add_help`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:add_help(self, ...) end

---Set the property `summary`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:summary(self, ...) end

---Set the property `target`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:target(self, ...) end

---Set the property `hidden`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:hidden(self, ...) end

---Set the property `hidden_name`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:hidden_name(self, ...) end

---Set the property `default`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:default(self, ...) end

---Set the property `convert`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:convert(self, ...) end

---Set the property `args`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:args(self, ...) end

---Set the property `defmode`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:defmode(self, ...) end

---Set the property `show_default`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:show_default(self, ...) end

---Set the property `argname`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:argname(self, ...) end

---Set the property `choices`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:choices(self, ...) end

---Set the property `init`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:init(self, ...) end

---Set the property `count`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:count(self, ...) end

---Set the property `overwrite`; gives the element itself.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:overwrite(self, ...) end

---Add a positional argument: name, description, default, convert, args.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:argument(self, ...) end

---Add an option: names, description, default, convert, args, count.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:option(self, ...) end

---Add an option without arguments.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:flag(self, ...) end

---Add a command, a parser of its own: names, description, epilog.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:command(self, ...) end

---Options of which only one may be given.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:mutex(self, ...) end

---Show elements below a heading of their own in the help: name, elements.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:group(self, ...) end

---The usage text.
---@param self? any
---@param ... any
---@return string text
function argparse_Element_object:get_usage(self, ...) end

---The help text.
---@param self? any
---@param ... any
---@return string text
function argparse_Element_object:get_help(self, ...) end

---The results for a list of arguments; raises usage and error for wrong ones.
---@param self? any
---@param ... any
---@return table results
function argparse_Element_object:parse(self, ...) end

---True and the results, or false and why the arguments are wrong.
---@param self? any
---@param ... any
---@return boolean ok
---@return table|string results
function argparse_Element_object:pparse(self, ...) end

---Raise usage and a text.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:error(self, ...) end

---Add a command that raises the help text.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:add_help_command(self, ...) end

---Add an option that raises a completion script for a shell.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:add_complete(self, ...) end

---Add a command that raises a completion script for a shell.
---@param self? any
---@param ... any
---@return any element
function argparse_Element_object:add_complete_command(self, ...) end

---A completion script for Bash.
---@param self? any
---@param ... any
---@return string script
function argparse_Element_object:get_bash_complete(self, ...) end

---A completion script for Zsh.
---@param self? any
---@param ... any
---@return string script
function argparse_Element_object:get_zsh_complete(self, ...) end

---A completion script for Fish.
---@param self? any
---@param ... any
---@return string script
function argparse_Element_object:get_fish_complete(self, ...) end

---Command lines: the module itself is called and gives a parser.
---@class nauthilus_gll_argparse
---@field version string Version of the library.
---@overload fun(...?: any): any
local module = {}

return module
