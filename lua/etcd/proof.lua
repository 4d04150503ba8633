-- Neovim's half of autoload/etcd/buffer/proof.vim.
local M = {}

local held = {}
-- By buffer: the changedtick at which the proof was lost.
local lost_at = {}
local serial = 0

--- The text of a buffer is ours from now on, until Neovim loads the buffer anew.
--- @param bufnr number
function M.give(bufnr)
  serial = serial + 1
  local own = serial
  held[bufnr] = own
  local function lost()
    if held[bufnr] == own then
      held[bufnr] = nil
      lost_at[bufnr] = vim.api.nvim_buf_get_changedtick(bufnr)
    end
  end
  -- Undo over a reload is no reload: its text was there before. Without a function for it Neovim would detach.
  vim.api.nvim_buf_attach(bufnr, false, { on_detach = lost, on_reload = function() end })
end

--- @param bufnr number
--- @return boolean
function M.holds(bufnr)
  return held[bufnr] ~= nil
end

--- Whether it holds, or held for the text that is still there. Neovim detaches just before it removes the text.
--- @param bufnr number
--- @return boolean
function M.held(bufnr)
  return held[bufnr] ~= nil or lost_at[bufnr] == vim.api.nvim_buf_get_changedtick(bufnr)
end

return M
