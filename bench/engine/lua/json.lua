-- JSON in pure Lua: a reader by character and by pattern, a writer into a list, both recursive.
local escapes = { n = "\n", t = "\t", r = "\r", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }
local parse
local function skip(s, i) return s:find("%S", i) or #s + 1 end
local function parseString(s, i)
  local parts, from = {}, i + 1
  while true do
    local at = s:find('["\\]', from)
    if not at then error("unfinished string") end
    parts[#parts + 1] = s:sub(from, at - 1)
    if s:byte(at) == 34 then return table.concat(parts), at + 1 end
    parts[#parts + 1] = escapes[s:sub(at + 1, at + 1)]
    from = at + 2
  end
end
local function parseObject(s, i)
  local object = {}
  i = skip(s, i + 1)
  if s:sub(i, i) == "}" then return object, i + 1 end
  while true do
    local key key, i = parseString(s, i)
    i = skip(s, i)
    if s:sub(i, i) ~= ":" then error("no colon at " .. i) end
    object[key], i = parse(s, skip(s, i + 1))
    i = skip(s, i)
    local c = s:sub(i, i)
    if c == "}" then return object, i + 1 end
    if c ~= "," then error("no comma at " .. i) end
    i = skip(s, i + 1)
  end
end
local function parseArray(s, i)
  local array, n = {}, 0
  i = skip(s, i + 1)
  if s:sub(i, i) == "]" then return array, i + 1 end
  while true do
    n = n + 1
    array[n], i = parse(s, i)
    i = skip(s, i)
    local c = s:sub(i, i)
    if c == "]" then return array, i + 1 end
    if c ~= "," then error("no comma at " .. i) end
    i = skip(s, i + 1)
  end
end
function parse(s, i)
  local c = s:sub(i, i)
  if c == "{" then return parseObject(s, i) end
  if c == "[" then return parseArray(s, i) end
  if c == '"' then return parseString(s, i) end
  if s:sub(i, i + 3) == "true" then return true, i + 4 end
  if s:sub(i, i + 4) == "false" then return false, i + 5 end
  if s:sub(i, i + 3) == "null" then return nil, i + 4 end
  local digits = s:match("^-?%d+%.?%d*[eE]?[+-]?%d*", i)
  return tonumber(digits), i + #digits
end
local function write(v, out)
  local kind = type(v)
  if kind == "table" then
    if #v > 0 then
      out[#out + 1] = "["
      for k, item in ipairs(v) do if k > 1 then out[#out + 1] = "," end write(item, out) end
      out[#out + 1] = "]"
    else
      out[#out + 1] = "{"
      local first = true
      for k, item in pairs(v) do
        if not first then out[#out + 1] = "," end
        first = false
        out[#out + 1] = '"' .. k .. '":'
        write(item, out)
      end
      out[#out + 1] = "}"
    end
  elseif kind == "string" then out[#out + 1] = '"' .. v:gsub('[\\"\n]', { ["\\"] = "\\\\", ['"'] = '\\"', ["\n"] = "\\n" }) .. '"'
  else out[#out + 1] = tostring(v) end
end
local items = {}
for i = 1, 60 do
  items[i] = '{ "id": ' .. i .. ', "name": "user ' .. i .. '", "mail": ["a' .. i .. '@example.org", "b\\n"], "active": ' .. tostring(i % 2 == 0) .. ', "score": ' .. i * 1.5 .. ', "more": { "x": null, "y": -3 } }'
end
local text = '{ "items": [ ' .. table.concat(items, ", ") .. ' ], "total": 60 }'
return function()
  local n = 0
  for round = 1, 8 do
    local value = parse(text, 1)
    local out = {}
    write(value, out)
    n = n + #table.concat(out) + value.total + #value.items[round].mail[1]
  end
  return n
end
