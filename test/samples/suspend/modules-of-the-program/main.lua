local util = require("util")
local connected = require("connected")
local ok, optional = pcall(require, "util")
local function a() return util.trim(" x ") end
local function b() return connected.handle:ping() end
