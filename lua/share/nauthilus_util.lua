--- Small helpers for policy scripts: `local util = require("nauthilus_util")`.
-- Scripts written for Nauthilus expect a module of this name with these functions.

dynamic_loader("nauthilus_gll_time")
dynamic_loader("nauthilus_gll_json")

local time = require("time")
local json = require("json")

local util = {}

-- How timestamps look, in the layout language of the time module, and for which zone.
local TIMESTAMP_LAYOUT = "2006-01-02T15:04:05 -07:00"
local TIMESTAMP_ZONE = "Europe/Berlin"

-- The text with which Redis says that there is no such value. That is an answer, not a failure.
local REDIS_NIL = "redis: nil"

local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

function util.is_table(value)
  return type(value) == "table"
end

function util.is_string(value)
  return type(value) == "string"
end

function util.is_number(value)
  return type(value) == "number"
end

--- Does the table hold `elem` as one of its values?
function util.exists_in_table(tbl, elem)
  for _, value in pairs(tbl) do
    if value == elem then
      return true
    end
  end

  return false
end

--- Number of entries, whatever their keys are (`#` only counts 1, 2, 3, ...).
function util.table_length(tbl)
  local count = 0

  for _ in pairs(tbl) do
    count = count + 1
  end

  return count
end

--- The current time as text.
function util.get_current_timestamp()
  return time.format(time.unix(), TIMESTAMP_LAYOUT, TIMESTAMP_ZONE)
end

--- Ends the script with `err` unless there is none. A missing Redis value counts as none.
function util.if_error_raise(err)
  if err and err ~= REDIS_NIL then
    error(err, 2)
  end
end

--- Text to boolean, as in environment variables: "false", "0" and "" are false, everything else is true.
function util.toboolean(str)
  local text = string.lower(tostring(str))

  return not (text == "false" or text == "0" or text == "")
end

--- `length` random letters and digits. Good for names and marks, not for secrets: the generator can be predicted.
function util.generate_random_string(length)
  local characters = {}

  for i = 1, length do
    local at = math.random(#ALPHABET)
    characters[i] = string.sub(ALPHABET, at, at)
  end

  return table.concat(characters)
end

-- One `key=value` of a log line. Quoted when a reader could not tell otherwise where it ends.
local function pair_text(key, value)
  local text = tostring(value)

  if text == "" or string.find(text, '[%s="\\]') then
    text = '"' .. string.gsub(text, '[\\"]', "\\%0") .. '"'
    text = string.gsub(string.gsub(text, "\n", "\\n"), "\r", "\\r")
  end

  return key .. "=" .. text
end

--- Writes one line about what a script did to standard output, in the format of the server's own log.
-- `logging` is what init and callback scripts get as argument; `result` is a flat table; `err_string` may be nil.
function util.print_result(logging, result, err_string)
  local line = { ts = util.get_current_timestamp() }

  for key, value in pairs(result) do
    line[key] = value
  end

  if err_string then
    line.error = err_string
    line.level = "error"
  end

  if logging.log_format == "json" then
    local text, err = json.encode(line)

    util.if_error_raise(err)
    print(text)

    return
  end

  local keys = {}

  for key in pairs(line) do
    table.insert(keys, tostring(key))
  end

  table.sort(keys)

  local words = {}

  for _, key in ipairs(keys) do
    table.insert(words, pair_text(key, line[key]))
  end

  print(table.concat(words, " "))
end

return util
