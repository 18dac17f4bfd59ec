---@meta filepath
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Take paths apart and put them together, find files by a pattern.
---@class nauthilus_gll_filepath
local module = {}

---The path from the root.
---@param path string
---@return string path
function module.abs(path) end

---The last element; `.` for an empty path.
---@param path string
---@return string path
function module.basename(path) end

---The shortest path of the same meaning.
---@param path string
---@return string path
function module.clean(path) end

---All but the last element; `.` when nothing is left.
---@param path string
---@return string path
function module.dir(path) end

---From the last dot of the last element on; may be empty.
---@param path string
---@return string path
function module.ext(path) end

---The path with the separators of the system.
---@param path string
---@return string path
function module.from_slash(path) end

---The path with slashes.
---@param path string
---@return string path
function module.to_slash(path) end

---Always empty on Unix.
---@param path string
---@return string path
function module.volume_name(path) end

---The path with all symbolic links replaced; an empty text and an error where there is nothing.
---@param path string
---@return string path
---@return string? err
function module.eval_symlinks(path) end

---Paths that match a pattern (`*`, `?`, `[a-z]`, `[^a]`); hidden files match too.
---@param pattern string
---@return table? paths
---@return string? err
function module.glob(pattern) end

---Does the path begin at the root?
---@param path string
---@return boolean yes
function module.is_abs(path) end

---One path of its elements.
---@param ... any
---@return string path
function module.join(...) end

---What separates paths in a list.
---@return string text
function module.list_separator() end

---What separates the elements of a path.
---@return string text
function module.separator() end

---Does the whole name match the pattern? `*` and `?` match no slash.
---@param pattern string
---@param name string
---@return boolean yes
---@return string? err
function module.match(pattern, name) end

---How to get from one path to another; an empty text and an error when that cannot be known.
---@param base string
---@param target string
---@return string path
---@return string? err
function module.rel(base, target) end

---The folder, with its slash, and the file.
---@param path string
---@return string directory
---@return string file
function module.split(path) end

---The paths of a list like $PATH.
---@param list string
---@return table paths
function module.split_list(list) end

return module
