// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Tells ThreadSanitizer what Qt, which is not built with it, does to synchronise threads.
//
// These functions take the place of Qt's in a test program and call them. So that ThreadSanitizer sees what
// happens before what, and no suppression has to hide stacks in which our own functions are.

#include <QMutex>
#include <QObject>

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

namespace {

template<typename Function>
Function *original(const char *name)
{
    return reinterpret_cast<Function *>(dlsym(RTLD_NEXT, name));
}

//! \brief A call that is posted: what was done before it was happens before it, and that before the return of the call
//! that waits for it.
class SynchronisedSlot final : public QtPrivate::QSlotObjectBase
{
public:
    explicit SynchronisedSlot(QtPrivate::QSlotObjectBase *slot)
        : QSlotObjectBase(&SynchronisedSlot::handle)
        , m_slot(slot)
    {
    }

private:
    // Not looked at itself: it comes before it can acquire.
    [[gnu::no_sanitize("thread")]] static void handle(int operation, QSlotObjectBase *base,
                                                      QObject *receiver, void **arguments, bool *)
    {
        auto *const self = static_cast<SynchronisedSlot *>(base);
        QtPrivate::QSlotObjectBase *const slot = self->m_slot;
        __tsan_acquire(slot);
        if (operation == Call) {
            slot->call(receiver, arguments);
            __tsan_release(slot);
        } else if (operation == Destroy) {
            slot->destroyIfLastRef();
            delete self;
        }
    }

    QtPrivate::QSlotObjectBase *const m_slot;
};

} // namespace

bool QMetaObject::invokeMethodImpl(QObject *object, QtPrivate::QSlotObjectBase *slot,
                                   Qt::ConnectionType type, void *result)
{
    static auto *const invoke =
        original<bool(QObject *, QtPrivate::QSlotObjectBase *, Qt::ConnectionType, void *)>(
            "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14Connec"
            "tionTyp"
            "eEPv");
    auto *const synchronised = new SynchronisedSlot(slot);
    __tsan_release(slot);
    const bool invoked = invoke(object, synchronised, type, result);
    if (type == Qt::BlockingQueuedConnection)
        __tsan_acquire(slot);
    return invoked;
}

//! Where nobody else wants the mutex, Qt's inline functions lock it, which ThreadSanitizer sees.
void QBasicMutex::lockInternal() noexcept
{
    static auto *const lock = original<void(QBasicMutex *)>("_ZN11QBasicMutex12lockInternalEv");
    lock(this);
    __tsan_acquire(this);
}

void QBasicMutex::unlockInternal() noexcept
{
    static auto *const unlock = original<void(QBasicMutex *)>("_ZN11QBasicMutex14unlockInternalEv");
    __tsan_release(this);
    unlock(this);
}
