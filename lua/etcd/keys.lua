-- Neovim's half of autoload/etcd/ui/person.vim before 0.10, which has no SafeState.
local M = {}
local watching, typed, leaving = false, false, false

--- The editor is idle. Or it waits for Node or an answer in the middle of a command that asks more than once (:wall).
local function leave()
  if vim.fn['etcd#ui#answer#pending']() == 1 then
    vim.defer_fn(leave, 20)
  else
    typed, leaving = false, false
  end
end

--- From now on each key is noted, until the editor is idle again.
function M.watch()
  if watching then
    return
  end
  watching = true
  vim.on_key(function()
    typed = true
    if not leaving then
      leaving = true
      vim.schedule(leave)
    end
  end, vim.api.nvim_create_namespace('etcd_keys'))
end

--- Whether a key was typed since the editor was idle. Before watch() nobody knows, but a key is the likely cause.
function M.typed()
  return not watching or typed
end

return M
